package io.saccade.model.architecture;

import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.ResizeRule;
import io.saccade.model.config.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ConvNeXt tower, of which the raw last stage is read.
 *
 * @param depths blocks of each of the four stages
 * @param dims channels of each of the four stages
 * @param imageSize side of an input frame in pixels, a multiple of 32
 * @param epsilon epsilon of the layer norms
 */
public record ConvNextTower(List<Integer> depths, List<Integer> dims, int imageSize, double epsilon)
    implements VisionTower {
  private static final int STAGES = 4;
  private static final int PIXELS_PER_TOKEN = 32;

  /**
   * ConvNeXt-XXL at 576, which released configs mean by {@code convnext-576} without giving a
   * shape.
   */
  private static final ConvNextTower XXL =
      new ConvNextTower(List.of(3, 4, 30, 3), List.of(384, 768, 1536, 3072), 576, 1e-5);

  static ConvNextTower read(JsonConfig config) {
    Optional<JsonConfig> shape = config.optionalObject("mm_vision_config");
    return shape.map(ConvNextTower::readShape).orElse(XXL);
  }

  private static ConvNextTower readShape(JsonConfig shape) {
    int imageSize = shape.integer("image_size", PIXELS_PER_TOKEN, 4096);
    if (imageSize % PIXELS_PER_TOKEN != 0) {
      throw shape.problem("image_size", "a multiple of " + PIXELS_PER_TOKEN);
    }
    return new ConvNextTower(
        shape.integers("depths", STAGES, STAGES, 1, 256),
        shape.integers("dims", STAGES, STAGES, 1, 1 << 14),
        imageSize,
        shape.optionalNumber("layer_norm_eps", 0, 1).orElse(XXL.epsilon));
  }

  @Override
  public int grid() {
    return imageSize / PIXELS_PER_TOKEN;
  }

  @Override
  public int channels() {
    return dims.get(STAGES - 1);
  }

  /** Inside the MLP of the first stage, four times as wide as its tokens. */
  @Override
  public long widestActivation() {
    long side = imageSize / 4;
    return side * side * 4 * dims.get(0);
  }

  @Override
  public ResizeRule resizeRule() {
    return ResizeRule.SHORTEST_EDGE_CENTER_CROP;
  }

  @Override
  public List<Double> pixelMean() {
    return List.of(0.48145466, 0.4578275, 0.40821073);
  }

  @Override
  public List<Double> pixelStd() {
    return List.of(0.26862954, 0.26130258, 0.27577711);
  }

  @Override
  public Map<String, Object> attributes() {
    return Map.of(
        "tower",
        "convnext",
        "tower_depths",
        depths,
        "tower_heads",
        1,
        "tower_patch",
        4,
        "tower_epsilon",
        epsilon);
  }

  @Override
  public List<TensorSpec> tensors() {
    List<TensorSpec> specs = new ArrayList<>();
    addConvolution(specs, PREFIX + "stem.0", dims.get(0), 3, 4);
    addNorm(specs, PREFIX + "stem.1", dims.get(0));
    for (int s = 0; s < STAGES; s++) {
      String stage = PREFIX + "stages." + s + ".";
      if (s > 0) {
        addNorm(specs, stage + "downsample.0", dims.get(s - 1));
        addConvolution(specs, stage + "downsample.1", dims.get(s), dims.get(s - 1), 2);
      }
      for (int b = 0; b < depths.get(s); b++) {
        addBlock(specs, stage + "blocks." + b + ".", dims.get(s));
      }
    }
    return specs;
  }

  private static void addBlock(List<TensorSpec> specs, String block, long width) {
    addConvolution(specs, block + "conv_dw", width, 1, 7);
    addNorm(specs, block + "norm", width);
    specs.add(TensorSpec.of(block + "mlp.fc1.weight", 4 * width, width));
    specs.add(TensorSpec.of(block + "mlp.fc1.bias", 4 * width));
    specs.add(TensorSpec.of(block + "mlp.fc2.weight", width, 4 * width));
    specs.add(TensorSpec.of(block + "mlp.fc2.bias", width));
    specs.add(TensorSpec.of(block + "weight", width).orNamed(block + "gamma")); // timm's own name
  }

  private static void addConvolution(
      List<TensorSpec> specs, String name, long out, long in, long side) {
    specs.add(TensorSpec.of(name + ".weight", out, in, side, side));
    specs.add(TensorSpec.of(name + ".bias", out));
  }

  private static void addNorm(List<TensorSpec> specs, String name, long width) {
    specs.add(TensorSpec.of(name + ".weight", width));
    specs.add(TensorSpec.of(name + ".bias", width));
  }
}
