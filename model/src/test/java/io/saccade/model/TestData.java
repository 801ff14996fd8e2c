package io.saccade.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.graph.Precision;
import io.saccade.model.verify.VerificationCase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The material of the tests: small checkpoints and reference cases. */
public final class TestData {
  /** One thread: two of them stall each other when other processes are busy. */
  public static final ModelOptions OPTIONS =
      ModelOptions.defaults().withThreads(1).withPrecision(Precision.F32);

  private TestData() {}

  public static Path resource(String name) {
    try {
      return Path.of(TestData.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A small random checkpoint; its cases lie beside it. */
  public static Path randomCheckpoint() {
    return resource("s1t4/checkpoint");
  }

  public static Path randomCase() {
    return resource("s1t4/frames03.safetensors");
  }

  /** The small trained checkpoint that is shipped with the project. */
  public static Path demoCheckpoint() {
    Path folder = Path.of("..", "demo", "saccade-demo");
    assertThat(folder).isDirectory();
    return folder;
  }

  public static Path demoCase() {
    return resource("demo/clip00-sign.safetensors");
  }

  public static List<ByteBuffer> frames(Path caseFile) {
    return new VerificationCase(caseFile).frames();
  }

  /** The larger material beside the project; skips the test where it is absent. */
  public static Path shared() {
    String configured =
        Optional.ofNullable(System.getProperty("SACCADE_SHARED"))
            .or(() -> Optional.ofNullable(System.getenv("SACCADE_SHARED")))
            .orElse("../../shared");
    Path folder = Path.of(configured);
    assumeTrue(
        Files.isDirectory(folder.resolve("vectors")),
        "no reference vectors at " + folder + "; set SACCADE_SHARED to their folder");
    return folder;
  }

  /** Copies a folder of files. */
  public static Path copy(Path from, Path to) {
    try (Stream<Path> files = Files.list(from)) {
      Files.createDirectories(to);
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a file. */
  public static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes a JSON object in a file. */
  public static void edit(Path file, Consumer<JsonObject> change) {
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      change.accept(json);
      Files.writeString(file, json.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
