package io.saccade.model.architecture.tower;

import io.saccade.model.architecture.PartTensors;
import io.saccade.model.architecture.ScriptFile;
import io.saccade.model.architecture.TensorNames;
import io.saccade.model.architecture.VisionTower;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.ModelPart;
import io.saccade.model.config.ResizeRule;
import io.saccade.model.config.TensorRole;
import io.saccade.model.config.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * A SigLIP vision transformer, of which an inner hidden state is read, without the final norm.
 *
 * @param layers layers up to the hidden state that is read
 * @param hidden width of a token
 * @param intermediate width of the MLP
 * @param heads attention heads
 * @param imageSize side of an input frame in pixels
 * @param patchSize side of a patch in pixels
 * @param epsilon epsilon of the layer norms
 */
public record SiglipTower(
    int layers,
    int hidden,
    int intermediate,
    int heads,
    int imageSize,
    int patchSize,
    double epsilon)
    implements VisionTower {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);

  /**
   * Reads a {@code SiglipVisionConfig}.
   *
   * @param layers layers up to the hidden state that is read, given the number of all layers
   */
  public static SiglipTower read(JsonConfig shape, IntUnaryOperator layers) {
    shape.requireText("hidden_act", "gelu_pytorch_tanh");
    int imageSize = shape.integer("image_size", 1, 4096);
    int heads = shape.integer("num_attention_heads", 1, 1024);
    int hidden = shape.integer("hidden_size", 1, 1 << 14);
    if (hidden % heads != 0) {
      throw shape.problem("hidden_size", "a multiple of num_attention_heads, " + heads + ",");
    }
    return new SiglipTower(
        layers.applyAsInt(shape.integer("num_hidden_layers", 1, 256)),
        hidden,
        shape.integer("intermediate_size", 1, 1 << 16),
        heads,
        imageSize,
        shape.integer("patch_size", 1, imageSize),
        shape.optionalNumber("layer_norm_eps", 0, 1).orElse(1e-6));
  }

  /** The names of its tensors after {@code tower.}, as Hugging Face's SigLIP model stores them. */
  public static TensorNames huggingFaceNames() {
    String layer = "encoder.layers.{}.";
    return new TensorNames()
        .with("patch", "embeddings.patch_embedding")
        .with("position", "embeddings.position_embedding")
        .with("layers.{}.norm", layer + "layer_norm1")
        .with("layers.{}.q", layer + "self_attn.q_proj")
        .with("layers.{}.k", layer + "self_attn.k_proj")
        .with("layers.{}.v", layer + "self_attn.v_proj")
        .with("layers.{}.out", layer + "self_attn.out_proj")
        .with("layers.{}.mlp.norm", layer + "layer_norm2")
        .with("layers.{}.mlp.up", layer + "mlp.fc1")
        .with("layers.{}.mlp.down", layer + "mlp.fc2");
  }

  @Override
  public String kind() {
    return "siglip";
  }

  @Override
  public int grid() {
    return imageSize / patchSize;
  }

  @Override
  public int channels() {
    return hidden;
  }

  @Override
  public List<Integer> depths() {
    return List.of(layers);
  }

  /** Inside the MLP. */
  @Override
  public long widestActivation() {
    return (long) grid() * grid() * intermediate;
  }

  @Override
  public ResizeRule resizeRule() {
    return ResizeRule.SQUASH;
  }

  @Override
  public List<Double> pixelMean() {
    return HALF;
  }

  @Override
  public List<Double> pixelStd() {
    return HALF;
  }

  @Override
  public Map<String, Object> attributes() {
    return Map.of(
        "tower_depths", depths(),
        "tower_heads", heads,
        "tower_patch", patchSize,
        "tower_epsilon", epsilon);
  }

  @Override
  public List<ScriptFile> scripts() {
    return Towers.scripts("siglip.torchscript");
  }

  @Override
  public List<TensorSpec> tensors() {
    PartTensors tensors = new PartTensors(ModelPart.TOWER);
    tensors.convolution("tower.patch", hidden, 3, patchSize);
    tensors.tensor(TensorRole.MATRIX, "tower.position.weight", (long) grid() * grid(), hidden);
    for (int i = 0; i < layers; i++) {
      String layer = "tower.layers." + i + ".";
      for (String projection : List.of("q", "k", "v")) {
        tensors.linear(TensorRole.MATRIX, layer + projection, hidden, hidden);
      }
      tensors.linear(TensorRole.RESIDUAL_MATRIX, layer + "out", hidden, hidden);
      tensors.linear(TensorRole.MATRIX, layer + "mlp.up", intermediate, hidden);
      tensors.linear(TensorRole.MATRIX, layer + "mlp.down", hidden, intermediate);
      tensors.layerNorm(layer + "norm", hidden);
      tensors.layerNorm(layer + "mlp.norm", hidden);
    }
    return tensors.specs();
  }
}
