package io.saccade.model.architecture;

import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.TensorSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * What {@code config.json} says of a slow-fast video language model.
 *
 * @param decoder the language model
 * @param tower the vision tower
 * @param slowStride side of the squares of a frame's token grid that are averaged into one slow
 *     token, in clips
 * @param fastPathway how frames become fast tokens
 * @param frames frames of a clip, which released configs leave out
 * @param maxPromptTokens tokens of a prompt, fast tokens included, that the model was trained for
 */
public record ModelConfig(
    DecoderConfig decoder,
    VisionTower tower,
    int slowStride,
    FastPathway fastPathway,
    OptionalInt frames,
    int maxPromptTokens) {
  public static final String FILE = "config.json";

  /** The most frames of a clip that any option may ask for. */
  public static final int MAX_FRAMES = 4096;

  private static final int MAX_BYTES = 1 << 20;

  /** Reads a folder's {@code config.json}. */
  public static ModelConfig read(Path folder) {
    return readFile(folder.resolve(FILE));
  }

  /** Reads a file in the form of {@code config.json}. */
  public static ModelConfig readFile(Path file) {
    return read(JsonConfig.read(file, MAX_BYTES));
  }

  /**
   * Reads the content of a {@code config.json}.
   *
   * @throws CheckpointException if it describes no model that can be run
   */
  public static ModelConfig read(JsonConfig config) {
    config.requireText("model_type", "llava_qwen_slow_fast");
    config.requireText("mm_projector_type", "mlp2x_gelu");
    config.requireText("mm_patch_merge_type", "flat");
    config.requireText("mm_vision_select_feature", "patch");
    config.requireOff("tile_image_input");
    config.requireOff("mm_use_im_start_end");
    config.requireOff("mm_use_im_patch_token");
    VisionTower tower = VisionTower.read(config);
    config.integer("mm_hidden_size", tower.channels(), tower.channels());
    int slowStride = config.integer("mm_video_pooling_stride", 1, tower.grid());
    FastPathway fastPathway = FastPathway.read(config);
    config.integer("fast_token_spatial_stride", 1, tower.grid() / slowStride);
    refuseOtherQuantisation(config);
    return new ModelConfig(
        DecoderConfig.read(config),
        tower,
        slowStride,
        fastPathway,
        config.optionalInteger("num_frames", 1, MAX_FRAMES),
        config.integer("tokenizer_model_max_length", 1, 1 << 24));
  }

  /** Side of the squares of a frame's tokens averaged into one: none in an image. */
  public int slowStride(int clipFrames) {
    return clipFrames == 1 ? 1 : slowStride;
  }

  /** Slow tokens of a clip. */
  public int slowTokens(int clipFrames) {
    int side = tower.grid() / slowStride(clipFrames);
    return clipFrames * side * side;
  }

  /** Fast tokens of a clip. */
  public int fastTokens(int clipFrames) {
    int side = tower.grid() / slowStride(clipFrames) / fastPathway.spatialStride(clipFrames);
    return fastPathway.fastFrames(clipFrames) * side * side;
  }

  /** Types say how a tensor is stored; only a method that stores them otherwise matters here. */
  private static void refuseOtherQuantisation(JsonConfig config) {
    config
        .optionalObject("quantization_config")
        .ifPresent(quantised -> quantised.requireText("quant_method", Quantisation.METHOD));
  }

  /** Every tensor that the model needs. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> specs = new ArrayList<>(tower.tensors());
    specs.add(TensorSpec.of("model.mm_projector.0.weight", decoder.hidden(), tower.channels()));
    specs.add(TensorSpec.of("model.mm_projector.0.bias", decoder.hidden()));
    specs.add(TensorSpec.of("model.mm_projector.2.weight", decoder.hidden(), decoder.hidden()));
    specs.add(TensorSpec.of("model.mm_projector.2.bias", decoder.hidden()));
    specs.addAll(decoder.tensors());
    return specs;
  }

  /** The attributes of the TorchScript module, all but its weights. */
  public Map<String, Object> attributes() {
    Map<String, Object> attributes = new LinkedHashMap<>(tower.attributes());
    attributes.put("heads", decoder.heads());
    attributes.put("key_heads", decoder.keyHeads());
    attributes.put("head_size", decoder.headSize());
    attributes.put("rope_theta", decoder.ropeTheta());
    attributes.put("rms_epsilon", decoder.rmsEpsilon());
    attributes.put("hybrid", hybridIndices());
    return attributes;
  }

  /** For each layer its number among the hybrid layers, or -1. */
  private List<Integer> hybridIndices() {
    return IntStream.range(0, decoder.layers()).mapToObj(decoder.hybridLayers()::indexOf).toList();
  }
}
