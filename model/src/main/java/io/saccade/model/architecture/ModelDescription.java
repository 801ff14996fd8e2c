package io.saccade.model.architecture;

import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.TensorSpec;
import io.saccade.model.text.PromptTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A model as its architecture read it from {@code config.json}: the parts that the graph is put
 * together from, and what callers must know to feed it. Everything else in this module works from
 * this description and knows no architecture.
 *
 * @param tower the vision tower
 * @param projector from the tower's tokens to the decoder's width
 * @param arrangement how a clip's tokens reach the decoder
 * @param decoder the language model
 * @param prompt the words around a conversation
 * @param names how tensors are called in checkpoints
 * @param frames frames of a clip, where the config says
 * @param maxPromptTokens tokens of a prompt, the clip's included, that the model was trained for
 */
public record ModelDescription(
    VisionTower tower,
    MlpProjector projector,
    Arrangement arrangement,
    DecoderConfig decoder,
    PromptTemplate prompt,
    TensorNames names,
    OptionalInt frames,
    int maxPromptTokens) {
  /** The most frames of a clip that any option may ask for. */
  public static final int MAX_FRAMES = 4096;

  /** A key of our own, which released configs do not have: frames of a clip. */
  public static final String FRAMES_KEY = "num_frames";

  /** The key under which a checkpoint says how its weights are quantised. */
  public static final String QUANTISATION_KEY = "quantization_config";

  /** Frames of a clip as a config says, if it does. */
  public static OptionalInt frames(JsonConfig config) {
    return config.optionalInteger(FRAMES_KEY, 1, MAX_FRAMES);
  }

  /**
   * Refuses weights that are quantised by another method than this product's. Types say how a
   * tensor is stored; only a method that stores them otherwise matters here.
   *
   * @throws CheckpointException if they are
   */
  public static void refuseOtherQuantisation(JsonConfig config) {
    config
        .optionalObject(QUANTISATION_KEY)
        .ifPresent(quantised -> quantised.requireText("quant_method", Quantisation.METHOD));
  }

  /** Side of a frame's grid of tokens after pooling. */
  public int pooledGrid(int clipFrames) {
    return arrangement.pooledGrid(clipFrames, tower.grid());
  }

  /** M, tokens of a clip that hybrid layers attend to: 0 without such layers. */
  public int slowTokens(int clipFrames) {
    int side = pooledGrid(clipFrames);
    return decoder.hybridLayers().isEmpty() ? 0 : clipFrames * side * side;
  }

  /** F, tokens of a clip in the prompt. */
  public int fastTokens(int clipFrames) {
    return arrangement.fastTokens(clipFrames, tower.grid());
  }

  /** Every tensor that the model needs, with the names that its checkpoints have for it. */
  public List<TensorSpec> tensors() {
    return Stream.of(tower.tensors(), projector.tensors(), decoder.tensors())
        .flatMap(List::stream)
        .map(spec -> spec.storedAs(names.stored(spec.name())))
        .toList();
  }

  /** The files of TorchScript of its tower and projector. */
  public List<ScriptFile> scripts() {
    List<ScriptFile> scripts = new ArrayList<>(tower.scripts());
    scripts.addAll(projector.scripts());
    return scripts;
  }

  /** Values of the attributes that the files of its parts declare, without weights. */
  public Map<String, Object> attributes() {
    Map<String, Object> attributes = new LinkedHashMap<>(tower.attributes());
    attributes.putAll(decoder.attributes());
    return attributes;
  }
}
