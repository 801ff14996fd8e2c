package io.saccade.cli.option;

import io.saccade.cli.local.DemoFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The option for the folders that the sampler may read.
 *
 * <p>See decision 12 in {@code docs/decisions.md}.
 */
public final class RootOptions {

  @Option(
      names = "--allow-root",
      paramLabel = "DIR",
      split = ":",
      description =
          "A folder below which videos may be opened; may be repeated. All other files are refused."
              + " Default: the working directory and the shipped clips")
  private final List<Path> roots = new ArrayList<>();

  /** The folders below which videos may be opened. */
  public List<Path> roots() {
    return roots.isEmpty()
        ? List.of(Path.of("").toAbsolutePath(), DemoFiles.demoClips())
        : List.copyOf(roots);
  }
}
