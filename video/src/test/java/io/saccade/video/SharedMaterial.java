package io.saccade.video;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The larger test material, in a folder beside the project. */
public final class SharedMaterial {
  private static final String NAME = "SACCADE_SHARED";

  private SharedMaterial() {}

  /** A folder of the material; skips the test where it is absent. */
  public static Path folder(String name) {
    Path root =
        Optional.ofNullable(System.getProperty(NAME))
            .or(() -> Optional.ofNullable(System.getenv(NAME)))
            .map(Path::of)
            .orElse(Path.of("..", "..", "shared"));
    Path folder = root.resolve(name).toAbsolutePath().normalize();
    assumeTrue(
        Files.isDirectory(folder), () -> folder + " is absent; set " + NAME + " to the material");
    return folder;
  }
}
