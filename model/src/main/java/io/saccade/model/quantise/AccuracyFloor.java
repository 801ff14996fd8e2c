package io.saccade.model.quantise;

import io.saccade.model.config.Quantisation;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.verify.Verification;
import io.saccade.model.verify.Verifier;
import java.util.function.Consumer;

/**
 * How near the logits of a quantised copy must be to those of its original.
 *
 * @param cosine the least cosine, of any tensor of logits, 0 to below 1; 0 asks for nothing, and
 *     nothing is measured
 * @param engine device and threads to measure with
 * @param listener told of each copy that was measured
 */
public record AccuracyFloor(
    double cosine, ModelOptions engine, Consumer<QuantisationMix> listener) {
  /**
   * What a copy may lose on the inputs measured on, of what the floor allows: others lose more, on
   * random models up to 2.5 times as much. Chosen with the reference cases in view.
   */
  private static final double USABLE = 0.5;

  /** Of what the type of the activations leaves to lose, where that type takes most itself. */
  private static final double LEAST_USABLE = 0.25;

  /** Checks the cosine. */
  public AccuracyFloor {
    if (!(cosine >= 0 && cosine < 1)) {
      throw new IllegalArgumentException(
          "min-cosine is %s, and 0 to below 1 is needed".formatted(cosine));
    }
  }

  /** No floor. */
  static AccuracyFloor none() {
    return new AccuracyFloor(0, ModelOptions.defaults(), mix -> {});
  }

  /** The cosine that {@link Verifier} asks for in a form. */
  public static double usual(Quantisation form) {
    return Verification.requiredCosine(form.toString());
  }

  /**
   * The cosine to be measured.
   *
   * @param unquantised what the original has in the type that its copies compute in
   */
  double target(double unquantised) {
    double loss = 1 - cosine;
    double lost = 1 - unquantised;
    return 1 - Math.max(USABLE * loss, lost + LEAST_USABLE * (loss - lost));
  }
}
