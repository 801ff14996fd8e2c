package io.saccade.model;

import io.saccade.model.architecture.ModelConfig;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.GenerationConfig;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.TensorSpec;
import io.saccade.model.config.TensorType;
import io.saccade.model.graph.Graph;
import io.saccade.model.weights.StoredTensor;
import io.saccade.model.weights.StoredWeight;
import io.saccade.model.weights.WeightFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checkpoint folder in the Hugging Face layout, opened and checked, before any weight is read.
 *
 * @param folder the folder
 * @param config its {@code config.json}
 * @param files the files of its weights
 * @param weights the tensors that the config asks for, in its order
 */
public record Checkpoint(
    Path folder, ModelConfig config, WeightFiles files, List<StoredWeight> weights) {
  private static final Pattern FRAMES_IN_NAME = Pattern.compile("frame(\\d{1,4})(?!\\d)");
  private static final String WEIGHT = ".weight";
  private static final int DEFAULT_FRAMES = 64;
  public static final int DEFAULT_MAX_NEW_TOKENS = 512;
  private static final int MAX_NEW_TOKENS = 4096;

  /**
   * Opens a folder: reads its config and the headers of its weights, and checks every tensor's
   * name, shape and type.
   *
   * @throws CheckpointException if the folder cannot be used
   */
  public static Checkpoint open(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          folder + " is not a folder: a checkpoint in the Hugging Face layout is needed");
    }
    ModelConfig config = ModelConfig.read(folder);
    WeightFiles files = WeightFiles.open(folder);
    return new Checkpoint(folder, config, files, files.require(config.tensors()));
  }

  /** Hands all weights to a graph. */
  public void loadInto(Graph graph) {
    for (StoredWeight weight : weights) {
      String name = weight.spec().name();
      map(graph, name, weight.values());
      weight.scale().ifPresent(scale -> map(graph, name + Quantisation.SCALE_SUFFIX, scale));
    }
    List<String> linears =
        weights.stream()
            .map(weight -> weight.spec())
            .filter(Checkpoint::isLinearOutsideOfLayers)
            .map(spec -> spec.name().substring(0, spec.name().length() - WEIGHT.length()))
            .toList();
    graph.seal(linears, config.decoder().tiedEmbeddings());
  }

  private static void map(Graph graph, String name, StoredTensor tensor) {
    graph.map(name, tensor.file(), tensor.offset(), tensor.entry());
  }

  private static boolean isLinearOutsideOfLayers(TensorSpec spec) {
    return spec.shape().size() == 2
        && spec.name().endsWith(WEIGHT)
        && !spec.name().startsWith("model.layers.")
        && !spec.name().contains("embed"); // the tables of tokens and of positions
  }

  /** The type that the weights are stored in, as the embedding table has it. */
  public TensorType weightType() {
    return files.find("model.embed_tokens.weight").orElseThrow().entry().type();
  }

  /**
   * How the decoder's weights are quantised, if they are: the form of fewest bits that any of them
   * has.
   */
  public Optional<Quantisation> quantisation() {
    return weights.stream()
        .flatMap(weight -> weight.quantisation().stream())
        .min(Comparator.comparingInt(Quantisation::bits));
  }

  /** What a caller must know to feed the model. */
  ModelInfo info(GenerationConfig generation, OptionalInt framesOption) {
    int limit = Math.min(MAX_NEW_TOKENS, config.decoder().maxPositions());
    return new ModelInfo(
        name(),
        framesOption.orElseGet(() -> frames()),
        config.tower().imageSize(),
        config.tower().resizeRule(),
        config.fastPathway(),
        config.maxPromptTokens(),
        Math.min(limit, generation.maxNewTokens().orElse(DEFAULT_MAX_NEW_TOKENS)),
        limit,
        config.decoder().vocabulary(),
        parameters());
  }

  /** Number of weights, scales not counted. */
  public long parameters() {
    return weights.stream().mapToLong(weight -> weight.spec().elements()).sum();
  }

  /** Bytes of the weights, scales included. */
  public long bytes() {
    return weights.stream().mapToLong(StoredWeight::bytes).sum();
  }

  /** Bytes of its quantised weights in bfloat16. */
  public long wideCopyBytes() {
    return Short.BYTES
        * weights.stream()
            .filter(weight -> weight.quantisation().isPresent())
            .mapToLong(weight -> weight.spec().elements())
            .sum();
  }

  /** Frames of a clip: those of the config, else of the folder's name, else 64. */
  public int frames() {
    return config.frames().orElseGet(() -> frames(folder));
  }

  /** The name of the folder. */
  public String name() {
    return name(folder);
  }

  private static String name(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? folder.toString() : name.toString();
  }

  /** Frames of a clip as a folder's name tells them, or 64. */
  public static int frames(Path folder) {
    Matcher matcher = FRAMES_IN_NAME.matcher(name(folder));
    int frames = matcher.find() ? Integer.parseInt(matcher.group(1)) : DEFAULT_FRAMES;
    return frames >= 1 && frames <= ModelConfig.MAX_FRAMES ? frames : DEFAULT_FRAMES;
  }
}
