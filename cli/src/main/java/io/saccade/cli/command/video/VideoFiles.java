package io.saccade.cli.command.video;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The files that a command looks at, and what its results call them. */
final class VideoFiles {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "A video file; no character of its name has a meaning. After -- it may begin with a dash.")
  private final List<Path> files = new ArrayList<>();

  @Option(
      names = "--relative-to",
      paramLabel = "DIR",
      description = "Call each file by its path relative to this folder. Default: by its name.")
  private Path base;

  /**
   * The files in the order given, by what results call them.
   *
   * @throws IllegalArgumentException if two would be called the same
   */
  Map<String, Path> byName() {
    Map<String, Path> named = new LinkedHashMap<>();
    for (Path file : files) {
      String name = name(file);
      if (named.putIfAbsent(name, file) != null) {
        throw new IllegalArgumentException(
            "FILE = %s: two files are called so; name each once, or give --relative-to a folder above them"
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
