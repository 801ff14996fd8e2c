package io.saccade.bench.video;

import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import java.util.List;
import picocli.CommandLine.Option;

/** What the bench takes from each clip. */
final class VideoSpec {

  @Option(
      names = "--frames",
      paramLabel = "N",
      defaultValue = "64",
      description = "How many frames, uniformly. Default: ${DEFAULT-VALUE}")
  private int frames;

  @Option(
      names = "--size",
      paramLabel = "S",
      defaultValue = "576",
      description = "Edge of the square frames in pixels. Default: ${DEFAULT-VALUE}")
  private int size;

  /** What was asked for. */
  SampleSpec spec() {
    return SampleSpec.uniform(frames, size, ResizeRule.SHORTEST_EDGE_CENTER_CROP);
  }

  /** The same as words of a command line. */
  List<String> arguments() {
    return List.of("--frames", Integer.toString(frames), "--size", Integer.toString(size));
  }
}
