package io.saccade.cli.command.video;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The files that a command reads, and their names in its results. */
final class VideoFiles {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "A video file. All characters of its name are taken literally; a name that begins with a"
              + " dash must stand after --.")
  private final List<Path> files = new ArrayList<>();

  @Option(
      names = "--relative-to",
      paramLabel = "DIR",
      description =
          "Name each file in the results by its path relative to this folder. Default: by its file name")
  private Path base;

  /**
   * The files in the order given, by their names in the results.
   *
   * @throws IllegalArgumentException if two files have the same name
   */
  Map<String, Path> byName() {
    Map<String, Path> named = new LinkedHashMap<>();
    for (Path file : files) {
      String name = name(file);
      if (named.putIfAbsent(name, file) != null) {
        throw new IllegalArgumentException(
            "FILE = %s: two files have this name; give each file once, or set --relative-to to a folder above them"
                .formatted(name));
      }
    }
    return named;
  }

  private String name(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    Path name =
        base == null
            ? absolute.getFileName()
            : base.toAbsolutePath().normalize().relativize(absolute);
    return name == null ? absolute.toString() : name.toString(); // the root folder has no name
  }
}
