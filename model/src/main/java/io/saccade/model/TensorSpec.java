package io.saccade.model;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A tensor that a model needs.
 *
 * @param name the name under which the graph asks for it
 * @param shape its dimensions
 * @param otherName another name that checkpoints use for it
 */
record TensorSpec(String name, List<Long> shape, Optional<String> otherName) {

  static TensorSpec of(String name, long... shape) {
    return new TensorSpec(name, LongStream.of(shape).boxed().toList(), Optional.empty());
  }

  TensorSpec orNamed(String other) {
    return new TensorSpec(name, shape, Optional.of(other));
  }

  /** Number of its elements. */
  long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** What is wrong with a tensor found under this name, if anything is. */
  Optional<String> problem(TensorEntry found) {
    if (!found.shape().equals(shape)) {
      return Optional.of(
          "tensor %s has the shape %s where the config needs %s"
              .formatted(found.name(), found.shape(), shape));
    }
    if (!found.type().isWeight()) {
      return Optional.of(
          "tensor %s has the type %s where F32, F16 or BF16 is needed"
              .formatted(found.name(), found.type()));
    }
    return Optional.empty();
  }

  /** The problem of its absence. */
  String missing() {
    return "tensor %s %s is missing".formatted(name, shape);
  }
}
