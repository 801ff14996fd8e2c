package io.saccade.model.architecture;

import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.ResizeRule;
import io.saccade.model.config.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  static SiglipTower read(JsonConfig config) {
    Optional<JsonConfig> given = config.optionalObject("mm_vision_config");
    if (given.isEmpty()) {
      throw config.problem("mm_vision_config", "the tower's SiglipVisionConfig");
    }
    JsonConfig shape = given.get();
    shape.requireText("hidden_act", "gelu_pytorch_tanh");
    int imageSize = shape.integer("image_size", 1, 4096);
    int heads = shape.integer("num_attention_heads", 1, 1024);
    int hidden = shape.integer("hidden_size", 1, 1 << 14);
    if (hidden % heads != 0) {
      throw shape.problem("hidden_size", "a multiple of num_attention_heads, " + heads + ",");
    }
    int layers = shape.integer("num_hidden_layers", 1, 256);
    return new SiglipTower(
        selectedLayers(config, layers),
        hidden,
        shape.integer("intermediate_size", 1, 1 << 16),
        heads,
        imageSize,
        shape.integer("patch_size", 1, imageSize),
        shape.optionalNumber("layer_norm_eps", 0, 1).orElse(1e-6));
  }

  /** Hidden state 0 is the embedding, so that -1 is the output of the last layer. */
  private static int selectedLayers(JsonConfig config, int layers) {
    int select = config.integer("mm_vision_select_layer", -1 - layers, layers);
    return select < 0 ? layers + 1 + select : select;
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
        "tower", "siglip",
        "tower_depths", depths(),
        "tower_heads", heads,
        "tower_patch", patchSize,
        "tower_epsilon", epsilon);
  }

  @Override
  public List<TensorSpec> tensors() {
    List<TensorSpec> specs = new ArrayList<>();
    String embeddings = PREFIX + "vision_model.embeddings.";
    specs.add(
        TensorSpec.of(embeddings + "patch_embedding.weight", hidden, 3, patchSize, patchSize));
    specs.add(TensorSpec.of(embeddings + "patch_embedding.bias", hidden));
    specs.add(
        TensorSpec.of(embeddings + "position_embedding.weight", (long) grid() * grid(), hidden));
    for (int i = 0; i < layers; i++) {
      String layer = PREFIX + "vision_model.encoder.layers." + i + ".";
      for (String projection : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        addLinear(specs, layer + "self_attn." + projection, hidden, hidden);
      }
      addLinear(specs, layer + "mlp.fc1", intermediate, hidden);
      addLinear(specs, layer + "mlp.fc2", hidden, intermediate);
      for (String norm : List.of("layer_norm1", "layer_norm2")) {
        specs.add(TensorSpec.of(layer + norm + ".weight", hidden));
        specs.add(TensorSpec.of(layer + norm + ".bias", hidden));
      }
    }
    return specs;
  }

  private static void addLinear(List<TensorSpec> specs, String name, long out, long in) {
    specs.add(TensorSpec.of(name + ".weight", out, in));
    specs.add(TensorSpec.of(name + ".bias", out));
  }
}
