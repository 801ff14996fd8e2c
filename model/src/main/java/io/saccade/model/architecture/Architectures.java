package io.saccade.model.architecture;

import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.JsonConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The architectures on the class path, and the reading of a {@code config.json} by its own one. */
public final class Architectures {
  /** The file of a checkpoint folder that says what it is. */
  public static final String FILE = "config.json";

  /** The key by which configs name their architecture. */
  static final String MODEL_TYPE = "model_type";

  private static final int MAX_BYTES = 1 << 20;
  private static final List<Architecture> INSTALLED =
      ServiceLoader.load(Architecture.class, Architectures.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private Architectures() {}

  /** All of them, in the order of the class path. */
  public static List<Architecture> installed() {
    return INSTALLED;
  }

  /**
   * Reads a folder's {@code config.json}.
   *
   * @throws CheckpointException as {@link #read(JsonConfig)}
   */
  public static ModelDescription read(Path folder) {
    return readFile(folder.resolve(FILE));
  }

  /**
   * Reads a file in the form of {@code config.json}.
   *
   * @throws CheckpointException as {@link #read(JsonConfig)}
   */
  public static ModelDescription readFile(Path file) {
    return read(JsonConfig.read(file, MAX_BYTES));
  }

  /**
   * Reads the content of a {@code config.json} by the first architecture that recognises it.
   *
   * @throws CheckpointException if none does, with the model type found and those supported, or if
   *     the config describes no model that can be run
   */
  public static ModelDescription read(JsonConfig config) {
    return INSTALLED.stream()
        .filter(architecture -> architecture.recognises(config))
        .findFirst()
        .orElseThrow(() -> config.problem(MODEL_TYPE, "one of " + supported()))
        .read(config);
  }

  private static String supported() {
    return INSTALLED.stream()
        .flatMap(architecture -> architecture.modelTypes().stream())
        .collect(Collectors.joining(", "));
  }
}
