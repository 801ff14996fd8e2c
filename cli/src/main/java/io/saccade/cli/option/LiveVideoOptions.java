package io.saccade.cli.option;

import io.saccade.proto.Times;
import io.saccade.proto.v1.LiveOptions;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options for whether a video is live, and how it is cut into windows. */
public final class LiveVideoOptions {

  @Option(
      names = "--live",
      description =
          "The video is a live feed: a sampler follows it from now on and cuts it into windows. A"
              + " file is played in real time.")
  private boolean live;

  @Option(
      names = "--window",
      paramLabel = "TIME",
      description = "Length of a window, 0.5s to 10m. Default: 10s")
  private Duration window;

  @Option(
      names = "--hop",
      paramLabel = "TIME",
      description =
          "Time from the start of a window to the start of the next, 0.1s to 1h; windows overlap if"
              + " it is less than their length. Default: the window's length")
  private Duration hop;

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      description = "How fast a file is played, 0.001 to 100; 1: in real time. Default: 1")
  private Double speed;

  /** Whether the video is a live feed. */
  public boolean isLive() {
    return live;
  }

  /** The options of a live feed that were given; empty if none was. */
  public Optional<LiveOptions> options() {
    LiveOptions.Builder options = LiveOptions.newBuilder();
    if (window != null) {
      options.setWindow(Times.proto(window));
    }
    if (hop != null) {
      options.setHop(Times.proto(hop));
    }
    if (speed != null) {
      options.setSpeed(speed);
    }
    return window == null && hop == null && speed == null
        ? Optional.empty()
        : Optional.of(options.build());
  }
}
