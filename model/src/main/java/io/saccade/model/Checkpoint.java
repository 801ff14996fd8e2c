package io.saccade.model;

import io.saccade.model.architecture.Architectures;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.GenerationConfig;
import io.saccade.model.config.ModelPart;
import io.saccade.model.config.Quantisation;
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
 * @param model what its {@code config.json} describes
 * @param files the files of its weights
 * @param weights the tensors that the model needs, in its order
 */
public record Checkpoint(
    Path folder, ModelDescription model, WeightFiles files, List<StoredWeight> weights) {
  private static final Pattern FRAMES_IN_NAME = Pattern.compile("frame(\\d{1,4})(?!\\d)");
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
    ModelDescription model = Architectures.read(folder);
    WeightFiles files = WeightFiles.open(folder);
    return new Checkpoint(folder, model, files, files.require(model.tensors()));
  }

  /** Hands all weights to a graph, by their logical names. */
  public void loadInto(Graph graph) {
    for (StoredWeight weight : weights) {
      String name = weight.spec().name();
      map(graph, name, weight.values());
      weight.scale().ifPresent(scale -> map(graph, name + Quantisation.SCALE_SUFFIX, scale));
    }
    graph.seal();
  }

  private static void map(Graph graph, String name, StoredTensor tensor) {
    graph.map(name, tensor.file(), tensor.offset(), tensor.entry());
  }

  /** The type that the weights are stored in, as the embedding table has it. */
  public TensorType weightType() {
    return weights.stream()
        .filter(weight -> weight.spec().part() == ModelPart.EMBEDDING)
        .map(weight -> weight.values().entry().type())
        .findFirst()
        .orElseThrow();
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
    int limit = Math.min(MAX_NEW_TOKENS, model.decoder().maxPositions());
    return new ModelInfo(
        name(),
        framesOption.orElseGet(() -> frames()),
        model.tower().imageSize(),
        model.tower().resizeRule(),
        model.arrangement().fastPathway(),
        model.maxPromptTokens(),
        Math.min(limit, generation.maxNewTokens().orElse(DEFAULT_MAX_NEW_TOKENS)),
        limit,
        model.decoder().vocabulary(),
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
    return model.frames().orElseGet(() -> frames(folder));
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
    return frames >= 1 && frames <= ModelDescription.MAX_FRAMES ? frames : DEFAULT_FRAMES;
  }
}
