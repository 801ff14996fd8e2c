package io.saccade.model;

import java.util.Optional;

/**
 * A tensor that a model needs, and where it was found.
 *
 * @param spec what the model needs
 * @param values its elements, or its quantised values
 * @param scale the scales, where the values are quantised
 */
record StoredWeight(TensorSpec spec, StoredTensor values, Optional<StoredTensor> scale) {

  /** How it is quantised, if it is. */
  Optional<Quantisation> quantisation() {
    return scale.flatMap(present -> Quantisation.storedAs(values.entry().type()));
  }

  /** Bytes that it occupies, scales included. */
  long bytes() {
    return values.entry().bytes() + scale.map(present -> present.entry().bytes()).orElse(0L);
  }
}
