package io.saccade.model.architecture.slowfastqwen2;

import io.saccade.model.architecture.Architecture;
import io.saccade.model.architecture.DecoderConfig;
import io.saccade.model.architecture.FastPathway;
import io.saccade.model.architecture.MlpProjector;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.architecture.SampleConfig;
import io.saccade.model.architecture.TensorNames;
import io.saccade.model.architecture.VisionTower;
import io.saccade.model.architecture.tower.ConvNextTower;
import io.saccade.model.architecture.tower.SiglipTower;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.text.PromptTemplate;
import io.saccade.model.text.PromptTemplate.ControlTokens;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Slow-Fast Video MLLM (SHI-Labs, {@code llava_qwen_slow_fast}): a ConvNeXt or SigLIP tower, a
 * Qwen2 decoder whose prompt holds a few fast tokens of the clip, and in some hybrid layers gated
 * cross-attention of the text to all slow tokens.
 */
public final class SlowFastQwen2 implements Architecture {
  private static final String TURN_START = "<|im_start|>";
  private static final String TURN_END = "<|im_end|>";
  private static final String USER = TURN_START + "user\n";
  private static final String ASSISTANT = TURN_END + "\n" + TURN_START + "assistant\n";

  /** ChatML with the clip at the beginning of the first user turn. */
  private static final PromptTemplate CHATML =
      new PromptTemplate(
          TURN_START + "system\nYou are a helpful assistant." + TURN_END + "\n" + USER,
          "\n",
          ASSISTANT,
          TURN_END + "\n" + USER,
          TURN_END,
          new ControlTokens("<|endoftext|>", List.of(TURN_START, TURN_END), 151_643),
          14);

  /**
   * ConvNeXt-XXL at 576, which released configs mean by {@code convnext-576} without giving a
   * shape.
   */
  private static final ConvNextTower CONVNEXT_XXL =
      new ConvNextTower(List.of(3, 4, 30, 3), List.of(384, 768, 1536, 3072), 576, 1e-5);

  private static final String TOWER_SHAPE = "mm_vision_config";

  @Override
  public List<String> modelTypes() {
    return List.of("llava_qwen_slow_fast");
  }

  @Override
  public ModelDescription read(JsonConfig config) {
    config.requireText("mm_projector_type", "mlp2x_gelu");
    config.requireText("mm_patch_merge_type", "flat");
    config.requireText("mm_vision_select_feature", "patch");
    config.requireOff("tile_image_input");
    config.requireOff("mm_use_im_start_end");
    config.requireOff("mm_use_im_patch_token");
    VisionTower tower = tower(config);
    config.integer("mm_hidden_size", tower.channels(), tower.channels());
    int slowStride = config.integer("mm_video_pooling_stride", 1, tower.grid());
    FastPathway fastPathway = fastPathway(config);
    config.integer("fast_token_spatial_stride", 1, tower.grid() / slowStride);
    ModelDescription.refuseOtherQuantisation(config);
    DecoderConfig decoder = decoder(config);
    return new ModelDescription(
        tower,
        new MlpProjector(tower.channels(), decoder.hidden()),
        new SlowFastArrangement(slowStride, fastPathway),
        decoder,
        CHATML,
        names(tower),
        ModelDescription.frames(config),
        config.integer("tokenizer_model_max_length", 1, 1 << 24));
  }

  /** The tower that is named, with the shape that is given if there is one. */
  static VisionTower tower(JsonConfig config) {
    String name = config.text("mm_vision_tower").toLowerCase(Locale.ROOT);
    Optional<JsonConfig> shape = config.optionalObject(TOWER_SHAPE);
    if (name.contains("convnext")) {
      return shape.map(ConvNextTower::read).orElse(CONVNEXT_XXL);
    }
    if (name.contains("siglip")) {
      return SiglipTower.read(
          shape.orElseThrow(() -> config.problem(TOWER_SHAPE, "the tower's SiglipVisionConfig")),
          layers -> selectedLayers(config, layers));
    }
    throw config.problem("mm_vision_tower", "a convnext or siglip tower");
  }

  /** Hidden state 0 is the embedding, so that -1 is the output of the last layer. */
  private static int selectedLayers(JsonConfig config, int layers) {
    int select = config.integer("mm_vision_select_layer", -1 - layers, layers);
    return select < 0 ? layers + 1 + select : select;
  }

  private static FastPathway fastPathway(JsonConfig config) {
    return new FastPathway(
        config.integer("fast_token_temporal_sampling_stride", 1, 1024),
        config.integer("fast_token_temporal_stride", 1, 1024),
        config.integer("fast_token_spatial_stride", 1, 1024),
        config.integer("min_fast_frames", 1, 1024));
  }

  private static DecoderConfig decoder(JsonConfig config) {
    config.requireText("cross_attn_implementation", "text-only-vanilla-flashattn");
    config.requireText("cross_attn_gating_type", "whole-dynamic-tanh-warmup");
    config.requireOff("use_sliding_window");
    return DecoderConfig.read(config, layers -> hybridLayers(config, layers), true);
  }

  private static List<Integer> hybridLayers(JsonConfig config, int layers) {
    int every = config.integer("cross_attn_every_n_layers", 1, 1024);
    int first = config.integer("cross_attn_min_layer_depth", 0, layers - 1);
    int end = Math.min(layers, config.integer("cross_attn_max_layer_depth", first + 1, 1024));
    return IntStream.iterate(first, i -> i < end, i -> i + every).boxed().toList();
  }

  private static TensorNames names(VisionTower tower) {
    String model = "model.";
    String stored = model + "vision_tower.vision_tower.";
    String attention = "model.layers.{}.self_attn.";
    TensorNames names =
        tower instanceof SiglipTower
            ? new TensorNames()
                .with("tower.", stored + "vision_model.", SiglipTower.huggingFaceNames())
            : new TensorNames().with("tower.", stored, ConvNextTower.timmNames());
    return names
        .with("projector.in", "model.mm_projector.0")
        .with("projector.out", "model.mm_projector.2")
        .with("", model, DecoderConfig.huggingFaceNames())
        .with("layers.{}.cross.kv", attention + "cross_attn_kv_proj")
        .with("layers.{}.cross.gate", attention + "cross_attn_gate_proj.0")
        .with("layers.{}.cross.warm_up", attention + "cross_attn_warm_up_gate")
        .with("output", "lm_head");
  }

  @Override
  public List<SampleConfig> sampleConfigs() {
    return SlowFastSamples.all();
  }
}
