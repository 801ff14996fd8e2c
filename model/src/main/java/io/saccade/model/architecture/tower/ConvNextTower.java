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
  private static final double EPSILON = 1e-5;

  /**
   * Reads a shape: {@code image_size}, {@code depths}, {@code dims} and, if it is there, {@code
   * layer_norm_eps}.
   */
  public static ConvNextTower read(JsonConfig shape) {
    int imageSize = shape.integer("image_size", PIXELS_PER_TOKEN, 4096);
    if (imageSize % PIXELS_PER_TOKEN != 0) {
      throw shape.problem("image_size", "a multiple of " + PIXELS_PER_TOKEN);
    }
    return new ConvNextTower(
        shape.integers("depths", STAGES, STAGES, 1, 256),
        shape.integers("dims", STAGES, STAGES, 1, 1 << 14),
        imageSize,
        shape.optionalNumber("layer_norm_eps", 0, 1).orElse(EPSILON));
  }

  /** The names of its tensors after {@code tower.}, as timm stores them. */
  public static TensorNames timmNames() {
    return new TensorNames()
        .with("stem.conv", "stem.0")
        .with("stem.norm", "stem.1")
        .with("stages.{}.reduce.norm", "stages.{}.downsample.0")
        .with("stages.{}.reduce.conv", "stages.{}.downsample.1")
        .with("stages.{}.blocks.{}.conv", "stages.{}.blocks.{}.conv_dw")
        .with("stages.{}.blocks.{}.norm", "stages.{}.blocks.{}.norm")
        .with("stages.{}.blocks.{}.mlp.up", "stages.{}.blocks.{}.mlp.fc1")
        .with("stages.{}.blocks.{}.mlp.down", "stages.{}.blocks.{}.mlp.fc2")
        .with(
            "stages.{}.blocks.{}.scale", "stages.{}.blocks.{}.weight", "stages.{}.blocks.{}.gamma");
  }

  @Override
  public String kind() {
    return "convnext";
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
    return Map.of("tower_depths", depths, "tower_epsilon", epsilon);
  }

  @Override
  public List<ScriptFile> scripts() {
    return Towers.scripts("convnext.torchscript");
  }

  @Override
  public List<TensorSpec> tensors() {
    PartTensors tensors = new PartTensors(ModelPart.TOWER);
    tensors.convolution("tower.stem.conv", dims.get(0), 3, 4);
    tensors.layerNorm("tower.stem.norm", dims.get(0));
    for (int s = 0; s < STAGES; s++) {
      String stage = "tower.stages." + s + ".";
      if (s > 0) {
        tensors.layerNorm(stage + "reduce.norm", dims.get(s - 1));
        tensors.convolution(stage + "reduce.conv", dims.get(s), dims.get(s - 1), 2);
      }
      for (int b = 0; b < depths.get(s); b++) {
        addBlock(tensors, stage + "blocks." + b + ".", dims.get(s));
      }
    }
    return tensors.specs();
  }

  private static void addBlock(PartTensors tensors, String block, long width) {
    tensors
        .convolution(block + "conv", width, 1, 7)
        .layerNorm(block + "norm", width)
        .linear(TensorRole.MATRIX, block + "mlp.up", 4 * width, width)
        .linear(TensorRole.MATRIX, block + "mlp.down", width, 4 * width)
        .tensor(TensorRole.LAYER_SCALE, block + "scale", width);
  }
}
