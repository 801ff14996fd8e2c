package io.saccade.model.architecture;

import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.ResizeRule;
import io.saccade.model.config.TensorSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Shape of a vision tower: what turns the pixels of a frame into a square grid of tokens. */
public sealed interface VisionTower permits ConvNextTower, SiglipTower {
  /** Where a checkpoint keeps the tower's weights. */
  String PREFIX = "model.vision_tower.vision_tower.";

  /**
   * Reads the tower that {@code mm_vision_tower} names, with the shape in {@code mm_vision_config}
   * if there is one.
   */
  static VisionTower read(JsonConfig config) {
    String name = config.text("mm_vision_tower").toLowerCase(Locale.ROOT);
    if (name.contains("convnext")) {
      return ConvNextTower.read(config);
    }
    if (name.contains("siglip")) {
      return SiglipTower.read(config);
    }
    throw config.problem("mm_vision_tower", "a convnext or siglip tower");
  }

  /** Side of an input frame in pixels. */
  int imageSize();

  /** Side of a frame's token grid. */
  int grid();

  /** Width of a token. */
  int channels();

  /** Blocks or layers of each stage. */
  List<Integer> depths();

  /** Elements of the largest activation of a frame. */
  long widestActivation();

  ResizeRule resizeRule();

  /** Mean of red, green and blue, where black is 0 and white 1. */
  List<Double> pixelMean();

  /** Standard deviation of red, green and blue. */
  List<Double> pixelStd();

  /** Every tensor that the tower needs. */
  List<TensorSpec> tensors();

  /** The tower's attributes of the TorchScript module. */
  Map<String, Object> attributes();
}
