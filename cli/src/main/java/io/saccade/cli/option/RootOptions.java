package io.saccade.cli.option;

import io.saccade.cli.local.Shipped;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which folders the sampler may read. */
public final class RootOptions {

  @Option(
      names = "--allow-root",
      paramLabel = "DIR",
      split = ":",
      description =
          "A folder below which videos may be opened; may be repeated. Everything else is refused."
              + " Default: the working directory and the shipped clips.")
  private final List<Path> roots = new ArrayList<>();

  /** What was asked for. */
  public List<Path> roots() {
    return roots.isEmpty()
        ? List.of(Path.of("").toAbsolutePath(), Shipped.demoClips())
        : List.copyOf(roots);
  }
}
