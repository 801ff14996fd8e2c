package io.saccade.model.synthesis;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.saccade.model.Checkpoint;
import io.saccade.model.architecture.Architectures;
import io.saccade.model.architecture.ModelDescription;
import io.saccade.model.architecture.SampleConfig;
import io.saccade.model.config.CheckpointException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The shapes that random checkpoints can have.
 *
 * @param json content of {@code config.json}, without the types of the weights
 * @param frames frames of a clip
 */
public record SyntheticConfig(JsonObject json, int frames) {
  /**
   * Finds a shape.
   *
   * @param like the name of a sample of an architecture, or the path of a {@code config.json} or
   *     its folder
   * @throws CheckpointException if there is none
   */
  public static SyntheticConfig like(String like) {
    return samples()
        .filter(sample -> sample.name().equals(like))
        .findFirst()
        .map(sample -> new SyntheticConfig(sample.json(), sample.frames()))
        .orElseGet(() -> ofFile(like));
  }

  private static Stream<SampleConfig> samples() {
    return Architectures.installed().stream()
        .flatMap(architecture -> architecture.sampleConfigs().stream());
  }

  private static SyntheticConfig ofFile(String like) {
    Path given = Path.of(like);
    Path file = Files.isDirectory(given) ? given.resolve(Architectures.FILE) : given;
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          "%s is neither one of %s nor a config.json"
              .formatted(
                  like, samples().map(SampleConfig::name).collect(Collectors.joining(", "))));
    }
    int frames =
        Architectures.readFile(file).frames().orElseGet(() -> Checkpoint.frames(folder(file)));
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      json.remove(ModelDescription.QUANTISATION_KEY);
      return new SyntheticConfig(json, frames);
    } catch (IOException e) {
      throw CheckpointException.unreadable(file, e);
    }
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().getParent();
  }

  /** A JSON object that is part of this program. */
  static JsonObject resource(String name) {
    try (Reader reader =
        new InputStreamReader(
            SyntheticConfig.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException | JsonParseException e) {
      throw new IllegalStateException(name + " is broken", e);
    }
  }
}
