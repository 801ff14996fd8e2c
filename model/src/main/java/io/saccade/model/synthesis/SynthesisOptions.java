package io.saccade.model.synthesis;

import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.config.TensorType;
import java.util.Optional;

/**
 * What random checkpoint to make.
 *
 * @param like its shapes: {@code frame64-s1t4}, {@code frame96-s1t6}, {@code frame128-s2t4} as
 *     released, {@code medium}, {@code long} (1,536 frames, SigLIP), or the path of a {@code
 *     config.json} or its folder
 * @param type how its weights are stored: {@code f32}, {@code bf16}, {@code int8}, {@code int4};
 *     with the last two, what is not quantised is bf16
 * @param group columns that share a scale in int4
 * @param seed the same seed gives the same bytes
 */
public record SynthesisOptions(String like, String type, int group, long seed) {

  /** Checks type and group. */
  public SynthesisOptions {
    if (!type.matches("f32|bf16|int8|int4")) {
      throw new IllegalArgumentException(
          "type is " + type + ", and f32, bf16, int8 or int4 is needed");
    }
    var unused = new QuantisationOptions(Quantisation.INT4, group, false);
  }

  /** Type of what is not quantised. */
  TensorType plainType() {
    return type.equals("f32") ? TensorType.F32 : TensorType.BF16;
  }

  /** How the others are quantised, if they are. */
  Optional<QuantisationOptions> quantisation() {
    return type.startsWith("int")
        ? Optional.of(
            new QuantisationOptions(
                type.equals("int8") ? Quantisation.INT8 : Quantisation.INT4, group, false))
        : Optional.empty();
  }
}
