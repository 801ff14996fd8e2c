package io.saccade.model.architecture;

import io.saccade.model.config.ModelPart;
import io.saccade.model.config.TensorRole;
import io.saccade.model.config.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the tensors of one part of a network under their logical names.
 *
 * <p>Public for the packages of towers and architectures only.
 */
public final class PartTensors {
  private static final String WEIGHT = ".weight";
  private static final String BIAS = ".bias";

  private final ModelPart part;
  private final List<TensorSpec> specs = new ArrayList<>();

  /** Begins with no tensor. */
  public PartTensors(ModelPart part) {
    this.part = part;
  }

  /** Adds one tensor under its whole name. */
  public PartTensors tensor(TensorRole role, String name, long... shape) {
    specs.add(TensorSpec.of(part, role, name, shape));
    return this;
  }

  /** Adds a linear map {@code name.weight} [out, in] with {@code name.bias} [out]. */
  public PartTensors linear(TensorRole role, String name, long out, long in) {
    return tensor(role, name + WEIGHT, out, in).bias(name, out);
  }

  /** Adds {@code name.weight} [out, in], which may be quantised. */
  public PartTensors quantisable(TensorRole role, String name, long out, long in) {
    specs.add(TensorSpec.of(part, role, name + WEIGHT, out, in).asQuantisable());
    return this;
  }

  /** Adds {@code name.bias} [width]. */
  public PartTensors bias(String name, long width) {
    return tensor(TensorRole.BIAS, name + BIAS, width);
  }

  /** Adds a norm without bias, {@code name.weight} [width]. */
  public PartTensors rmsNorm(String name, long width) {
    return tensor(TensorRole.NORM, name + WEIGHT, width);
  }

  /** Adds a layer norm, {@code name.weight} and {@code name.bias} [width]. */
  public PartTensors layerNorm(String name, long width) {
    return rmsNorm(name, width).bias(name, width);
  }

  /** Adds a convolution, {@code name.weight} [out, in, side, side] and {@code name.bias} [out]. */
  public PartTensors convolution(String name, long out, long in, long side) {
    return tensor(TensorRole.MATRIX, name + WEIGHT, out, in, side, side).bias(name, out);
  }

  /** The tensors in the order in which they were added. */
  public List<TensorSpec> specs() {
    return List.copyOf(specs);
  }
}
