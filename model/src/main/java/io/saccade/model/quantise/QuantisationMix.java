package io.saccade.model.quantise;

import io.saccade.model.config.Quantisation;
import io.saccade.model.weights.NewWeight;
import java.util.List;
import java.util.Optional;

/**
 * Which share of the weights that can be quantised is in which form.
 *
 * @param step steps away from all of them in the form asked for, see {@link BitLadder}
 * @param steps how many there are
 * @param int4 share of the elements in int4, 0 to 1
 * @param int8 in int8
 * @param plain as they were
 * @param cosine the smallest cosine of any tensor of logits; null if it was not measured
 */
public record QuantisationMix(
    int step, int steps, double int4, double int8, double plain, Double cosine) {

  static QuantisationMix of(int step, int steps, List<NewWeight> weights, Double cosine) {
    double int4 = elements(weights, Optional.of(Quantisation.INT4));
    double int8 = elements(weights, Optional.of(Quantisation.INT8));
    double plain = elements(weights, Optional.empty());
    double all = Math.max(1, int4 + int8 + plain);
    return new QuantisationMix(step, steps, int4 / all, int8 / all, plain / all, cosine);
  }

  private static double elements(List<NewWeight> weights, Optional<Quantisation> form) {
    return weights.stream()
        .filter(weight -> weight.spec().quantisable() && weight.quantisation().equals(form))
        .mapToLong(weight -> weight.spec().elements())
        .sum();
  }
}
