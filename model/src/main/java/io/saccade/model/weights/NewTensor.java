package io.saccade.model.weights;

import io.saccade.model.config.TensorType;
import java.util.List;

/**
 * A tensor to be written.
 *
 * @param name its name
 * @param type type of its elements
 * @param shape its dimensions, row-major
 */
record NewTensor(String name, TensorType type, List<Long> shape) {

  /** Bytes that it occupies. */
  long bytes() {
    return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
  }
}
