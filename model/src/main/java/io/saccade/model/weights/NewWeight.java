package io.saccade.model.weights;

import io.saccade.model.config.ModelPart;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.config.TensorSpec;
import io.saccade.model.config.TensorType;
import java.util.List;
import java.util.Optional;

/**
 * A weight of a checkpoint to be written.
 *
 * @param spec what the model needs
 * @param name the name that it gets
 * @param type type of its elements, or of its quantised values
 * @param group columns that share a scale, where it is int4
 */
public record NewWeight(TensorSpec spec, String name, TensorType type, int group) {
  private static final int LEAST_GROUP = Quantisation.GROUPS.get(0);

  /** A weight that is not quantised. */
  public static NewWeight plain(TensorSpec spec, String name, TensorType type) {
    return new NewWeight(spec, name, type, 0);
  }

  /** This weight as the options want it and its shape allows it. */
  public NewWeight quantised(QuantisationOptions options) {
    boolean output = spec.part() == ModelPart.OUTPUT_LAYER;
    if (!spec.quantisable() || (output && options.keepOutputLayer())) {
      return this;
    }
    if (options.form() == Quantisation.INT4 && !output) {
      for (int candidate : List.of(options.group(), LEAST_GROUP)) {
        if (Quantisation.INT4.takes(rows(), columns(), candidate)) {
          return new NewWeight(spec, name, Quantisation.INT4.type(), candidate);
        }
      }
    }
    return Quantisation.INT8.takes(rows(), columns(), 0)
        ? new NewWeight(spec, name, Quantisation.INT8.type(), 0)
        : this;
  }

  public Optional<Quantisation> quantisation() {
    return spec.quantisable() ? Quantisation.storedAs(type) : Optional.empty();
  }

  String scaleName() {
    return name + Quantisation.SCALE_SUFFIX;
  }

  /** The tensors that it is written as: itself, then its scales if it is quantised. */
  List<NewTensor> tensors() {
    Optional<Quantisation> form = quantisation();
    if (form.isEmpty()) {
      return List.of(new NewTensor(name, type, spec.shape()));
    }
    return List.of(
        new NewTensor(name, type, form.get().valuesShape(rows(), columns())),
        new NewTensor(
            scaleName(), TensorType.BF16, form.get().scaleShape(rows(), columns(), group)));
  }

  /** Bytes that it occupies, scales included. */
  public long bytes() {
    return tensors().stream().mapToLong(NewTensor::bytes).sum();
  }

  /** Elements of a row: the last dimension of a matrix, and 1 of a vector. */
  int columns() {
    List<Long> shape = spec.shape();
    return shape.size() < 2 ? 1 : Math.toIntExact(shape.get(shape.size() - 1));
  }

  /** Number of rows. */
  long rows() {
    return spec.elements() / columns();
  }
}
