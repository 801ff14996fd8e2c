package io.saccade.model.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A tensor that a model needs.
 *
 * @param name the name under which the graph asks for it
 * @param shape its dimensions
 * @param otherName another name that checkpoints use for it
 * @param quantisable whether it is the weight [out, in] of a linear layer that may be quantised
 */
public record TensorSpec(
    String name, List<Long> shape, Optional<String> otherName, boolean quantisable) {

  public static TensorSpec of(String name, long... shape) {
    return new TensorSpec(name, LongStream.of(shape).boxed().toList(), Optional.empty(), false);
  }

  /** The weight of a linear layer that may be quantised. */
  public static TensorSpec linear(String name, long out, long in) {
    return new TensorSpec(name, List.of(out, in), Optional.empty(), true);
  }

  public TensorSpec orNamed(String other) {
    return new TensorSpec(name, shape, Optional.of(other), quantisable);
  }

  /** Number of its elements. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * What is wrong with a tensor found under this name, if anything is.
   *
   * @param found the tensor
   * @param scale the scales found beside it
   */
  public Optional<String> problem(TensorEntry found, Optional<TensorEntry> scale) {
    Optional<Quantisation> quantisation = quantisation(found);
    return quantisation.isPresent()
        ? quantisation.get().problem(shape.get(0), shape.get(1), found, scale)
        : problem(found);
  }

  /** The form in which a tensor found under this name is quantised, if it is. */
  public Optional<Quantisation> quantisation(TensorEntry found) {
    return quantisable ? Quantisation.storedAs(found.type()) : Optional.empty();
  }

  private Optional<String> problem(TensorEntry found) {
    if (!found.shape().equals(shape)) {
      return Optional.of(
          "tensor %s has the shape %s where the config needs %s"
              .formatted(found.name(), found.shape(), shape));
    }
    if (!found.type().isWeight()) {
      return Optional.of(
          "tensor %s has the type %s where %s is needed"
              .formatted(
                  found.name(),
                  found.type(),
                  quantisable ? "F32, F16, BF16 or, quantised, I8 or U8" : "F32, F16 or BF16"));
    }
    return Optional.empty();
  }

  /** The problem of its absence. */
  public String missing() {
    return "tensor %s %s is missing".formatted(name, shape);
  }
}
