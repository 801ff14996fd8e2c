package io.saccade.cli.option;

import io.saccade.router.RequestLimits;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that bound a router's requests to samplers and workers. */
public final class RequestOptions {

  private static final RequestLimits DEFAULTS = RequestLimits.DEFAULT;

  @Option(
      names = "--max-standing-requests",
      paramLabel = "N",
      description =
          "The most windows of standing questions that one partition has open at the workers; fewer"
              + " if the workers could not answer more in time. Default: 64")
  private int standing = DEFAULTS.maxStandingRequests();

  @Option(
      names = "--hot-video-requests",
      paramLabel = "N",
      description =
          "How many open requests of one video go to its own partition; the same number goes to"
              + " each of the next partitions. Default: 8")
  private int hotVideo = DEFAULTS.hotVideoRequests();

  @Option(
      names = "--sampling-attempts",
      paramLabel = "N",
      description =
          "How often a clip is sampled at most if sampling fails for a reason that may pass."
              + " Default: 3")
  private int attempts = DEFAULTS.samplingAttempts();

  @Option(
      names = "--sampling-pause",
      paramLabel = "TIME",
      description = "Pause before the second attempt; it doubles with each attempt. Default: 1s")
  private Duration pause = DEFAULTS.samplingPause();

  /**
   * The limits of the router's requests.
   *
   * @throws io.saccade.bus.ConfigException if a value is out of range
   */
  public RequestLimits limits() {
    return new RequestLimits(standing, hotVideo, attempts, pause);
  }
}
