package io.saccade.model.weights;

import io.saccade.model.config.Quantisation;
import io.saccade.model.config.TensorSpec;
import java.util.Optional;

/**
 * A tensor that a model needs, and where it was found.
 *
 * @param spec what the model needs
 * @param values its elements, or its quantised values
 * @param scale the scales, where the values are quantised
 */
public record StoredWeight(TensorSpec spec, StoredTensor values, Optional<StoredTensor> scale) {

  /** How it is quantised, if it is. */
  public Optional<Quantisation> quantisation() {
    return scale.flatMap(present -> Quantisation.storedAs(values.entry().type()));
  }

  /** What it is stored as, for people: {@code BF16}, {@code int4}. */
  public String storedAs() {
    return quantisation().map(Quantisation::toString).orElse(values.entry().type().name());
  }

  /** Bytes that it occupies, scales included. */
  public long bytes() {
    return values.entry().bytes() + scale.map(present -> present.entry().bytes()).orElse(0L);
  }
}
