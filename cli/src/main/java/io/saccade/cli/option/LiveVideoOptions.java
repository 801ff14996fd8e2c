package io.saccade.cli.option;

import io.saccade.proto.Times;
import io.saccade.proto.v1.LiveOptions;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether a video is live, and how it is cut then. */
public final class LiveVideoOptions {

  @Option(
      names = "--live",
      description =
          "A live feed: a sampler follows it from now on and cuts it in windows. A file is played at"
              + " its own pace.")
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
          "From the start of a window to the start of the next, 0.1s to 1h; windows overlap if it is"
              + " less than their length. Default: the window's length")
  private Duration hop;

  @Option(
      names = "--speed",
      paramLabel = "FACTOR",
      description = "Pace of a file, 0.001 to 100. Default: 1")
  private Double speed;

  /** Whether a feed was asked for. */
  public boolean isLive() {
    return live;
  }

  /** What was asked for, if anything was. */
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
