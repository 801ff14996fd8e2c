package io.saccade.cli.option;

import io.saccade.router.RequestLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How much a router asks of samplers and workers. */
public final class RequestOptions {

  private static final RequestLimits DEFAULTS = RequestLimits.DEFAULT;

  @Option(
      names = "--max-standing-requests",
      paramLabel = "N",
      description =
          "Most windows of standing questions that one partition has at the workers; fewer when"
              + " more could not be answered in time. Default: 64")
  private int standing = DEFAULTS.maxStandingRequests();

  @Option(
      names = "--hot-video-requests",
      paramLabel = "N",
      description =
          "Open requests of one video that go to its own partition; the next as many go one"
              + " further. Default: 8")
  private int hotVideo = DEFAULTS.hotVideoRequests();

  @Option(
      names = "--sampling-attempts",
      paramLabel = "N",
      description =
          "How often a clip is sampled while that fails for a reason that may pass. Default: 3")
  private int attempts = DEFAULTS.samplingAttempts();

  @Option(
      names = "--sampling-pause",
      paramLabel = "TIME",
      description = "Pause before the second attempt; it doubles with each. Default: 1s")
  private Duration pause = DEFAULTS.samplingPause();

  /** What was asked for. */
  public RequestLimits limits() {
    return new RequestLimits(standing, hotVideo, attempts, pause);
  }
}
