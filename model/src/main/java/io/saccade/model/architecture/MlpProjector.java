package io.saccade.model.architecture;

import io.saccade.model.config.ModelPart;
import io.saccade.model.config.TensorRole;
import io.saccade.model.config.TensorSpec;
import java.util.List;

/**
 * The projector from the tower's width to the decoder's: a linear map, the exact GELU, a linear
 * map.
 *
 * @param channels C, width of the tower's tokens
 * @param hidden E, width of the decoder's
 */
public record MlpProjector(int channels, int hidden) {

  /** Every tensor that it needs, by logical name. */
  public List<TensorSpec> tensors() {
    return new PartTensors(ModelPart.PROJECTOR)
        .linear(TensorRole.MATRIX, "projector.in", hidden, channels)
        .linear(TensorRole.MATRIX, "projector.out", hidden, hidden)
        .specs();
  }

  /** The files of TorchScript that run it. */
  public List<ScriptFile> scripts() {
    return List.of(new ScriptFile(MlpProjector.class, "mlp_projector.torchscript"));
  }
}
