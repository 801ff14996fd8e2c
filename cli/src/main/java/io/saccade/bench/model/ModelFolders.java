package io.saccade.bench.model;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.model.synthesis.SynthesisOptions;
import io.saccade.model.synthesis.Synthesiser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The random checkpoints of a benchmark, made when they are first asked for. */
final class ModelFolders {

  private static final String CONFIG = "config.json";
  private static final int GROUP = 64;

  private final Path work;
  private final String like;

  /**
   * Checkpoints in a folder.
   *
   * @param like the shape, as of {@code model synthesize}
   */
  ModelFolders(Path work, String like) {
    this.work = work;
    this.like = like;
  }

  /** A checkpoint of the type {@code bf16}, {@code int8} or {@code int4}. */
  Path of(String type) {
    Path folder = work.resolve(type);
    if (!Files.exists(folder)) {
      new Synthesiser(new SynthesisOptions(like, type, GROUP, 0))
          .write(folder, (tensor, bytes, total) -> {});
    }
    return folder;
  }

  /** The same weights with another temporal stride of the fast tokens. */
  Path withTemporalStride(Path folder, int stride) throws IOException {
    Path other = folder.resolveSibling(folder.getFileName() + "-t" + stride);
    if (!Files.exists(other)) {
      Files.createDirectory(other);
      for (Path file : files(folder)) {
        Files.createSymbolicLink(other.resolve(file.getFileName()), file.toAbsolutePath());
      }
      JsonObject config =
          JsonParser.parseString(Files.readString(folder.resolve(CONFIG))).getAsJsonObject();
      config.addProperty("fast_token_temporal_stride", stride);
      Files.delete(other.resolve(CONFIG));
      Files.writeString(other.resolve(CONFIG), config.toString());
    }
    return other;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
