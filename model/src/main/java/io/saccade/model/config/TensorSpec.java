package io.saccade.model.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A tensor that a model needs.
 *
 * @param name its logical name, under which the graph asks for it
 * @param storedNames the names that checkpoints store it under, of which the first is used in new
 *     files
 * @param shape its dimensions
 * @param part the part that it belongs to
 * @param role what it does there
 * @param quantisable whether it is the weight [out, in] of a linear map that may be quantised
 */
public record TensorSpec(
    String name,
    List<String> storedNames,
    List<Long> shape,
    ModelPart part,
    TensorRole role,
    boolean quantisable) {

  /** Copies the lists and refuses a tensor without a stored name. */
  public TensorSpec {
    storedNames = List.copyOf(storedNames);
    shape = List.copyOf(shape);
    if (storedNames.isEmpty()) {
      throw new IllegalArgumentException("Tensor " + name + " has no stored name");
    }
  }

  /** A tensor that keeps its type and is stored under its logical name. */
  public static TensorSpec of(ModelPart part, TensorRole role, String name, long... shape) {
    return new TensorSpec(
        name, List.of(name), LongStream.of(shape).boxed().toList(), part, role, false);
  }

  /** This tensor as one that may be quantised. */
  public TensorSpec asQuantisable() {
    return new TensorSpec(name, storedNames, shape, part, role, true);
  }

  /** This tensor under other stored names, the first of which is used in new files. */
  public TensorSpec storedAs(List<String> names) {
    return new TensorSpec(name, names, shape, part, role, quantisable);
  }

  /** The name that it has in new files and in messages. */
  public String storedName() {
    return storedNames.get(0);
  }

  /** Number of its elements. */
  public long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * What is wrong with a tensor found under one of the stored names, if anything is.
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

  /** The form in which a tensor found under one of the stored names is quantised, if it is. */
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
    return "tensor %s %s is missing".formatted(storedName(), shape);
  }
}
