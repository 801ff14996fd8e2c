package io.saccade.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checkpoint folder in the Hugging Face layout, opened and checked, before any weight is read.
 *
 * @param folder the folder
 * @param config its {@code config.json}
 * @param specs the tensors that the config asks for
 * @param weights the files that hold them
 * @param entries where each of {@code specs} lies, in the same order
 */
record Checkpoint(
    Path folder,
    ModelConfig config,
    List<TensorSpec> specs,
    WeightFiles weights,
    List<TensorEntry> entries) {
  private static final Pattern FRAMES_IN_NAME = Pattern.compile("frame(\\d{1,4})(?!\\d)");
  private static final int DEFAULT_FRAMES = 64;
  private static final int DEFAULT_MAX_NEW_TOKENS = 512;
  private static final int MAX_NEW_TOKENS = 4096;

  /**
   * Opens a folder: reads its config and the headers of its weights, and checks every tensor's
   * name, shape and type.
   *
   * @throws CheckpointException if the folder cannot be used
   */
  static Checkpoint open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          folder + " is not a folder: a checkpoint in the Hugging Face layout is needed");
    }
    ModelConfig config = ModelConfig.read(folder);
    List<TensorSpec> specs = config.tensors();
    WeightFiles weights = WeightFiles.open(folder);
    return new Checkpoint(folder, config, specs, weights, weights.require(specs));
  }

  /** Hands all weights to a graph. */
  void loadInto(Graph graph) {
    for (int i = 0; i < specs.size(); i++) {
      TensorEntry entry = entries.get(i);
      graph.put(specs.get(i).name(), entry, weights.map(entry));
    }
    if (config.decoder().tiedEmbeddings()) {
      graph.tie("lm_head.weight", "model.embed_tokens.weight");
    }
  }

  /** The type that the weights are stored in, as the embedding table has it. */
  TensorType weightType() {
    return weights.find("model.embed_tokens.weight").orElseThrow().type();
  }

  /** What a caller must know to feed the model. */
  ModelInfo info(GenerationConfig generation, OptionalInt framesOption) {
    int limit = Math.min(MAX_NEW_TOKENS, config.decoder().maxPositions());
    return new ModelInfo(
        name(),
        framesOption.orElseGet(() -> config.frames().orElseGet(this::framesByName)),
        config.tower().imageSize(),
        config.tower().resizeRule(),
        config.fastPathway(),
        config.maxPromptTokens(),
        Math.min(limit, generation.maxNewTokens().orElse(DEFAULT_MAX_NEW_TOKENS)),
        limit,
        config.decoder().vocabulary(),
        specs.stream().mapToLong(TensorSpec::elements).sum());
  }

  private String name() {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? folder.toString() : name.toString();
  }

  private int framesByName() {
    Matcher matcher = FRAMES_IN_NAME.matcher(name());
    int frames = matcher.find() ? Integer.parseInt(matcher.group(1)) : DEFAULT_FRAMES;
    return frames >= 1 && frames <= ModelConfig.MAX_FRAMES ? frames : DEFAULT_FRAMES;
  }
}
