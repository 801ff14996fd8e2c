package io.saccade.cli.option;

import io.saccade.sampler.SamplerConfig;
import io.saccade.sampler.feed.FeedConfig;
import io.saccade.video.access.ListenRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How a sampler follows live feeds. */
public final class FeedOptions {

  @Option(
      names = "--sampler-name",
      paramLabel = "NAME",
      description = "The sampler's name in logs and feed states. Default: its process id.")
  private String name = SamplerConfig.defaultName();

  @Option(
      names = "--allow-listen",
      paramLabel = "ADDRESS[/BITS]:PORT[-PORT]",
      split = ",",
      description =
          "Where live videos may be listened for by udp, for example 239.1.0.0/16:5000-5999. May be"
              + " repeated. Default: none.")
  private final List<ListenRule> listens = new ArrayList<>();

  @Option(
      names = "--max-feeds",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "Live feeds that this sampler is connected to at a time; 0 leaves all to others. Default:"
              + " ${DEFAULT-VALUE}")
  private int maxFeeds;

  @Option(
      names = "--feed-bytes-in-flight",
      paramLabel = "BYTES",
      defaultValue = "64MiB",
      description =
          "Most bytes of live frames that wait for the log, all feeds together; then windows are"
              + " dropped. Default: ${DEFAULT-VALUE}")
  private ByteSize bytesInFlight;

  @Option(
      names = "--feed-stall",
      paramLabel = "TIME",
      defaultValue = "5s",
      description =
          "A feed without a frame for so long, 100ms to 1h, is stalled. Default: ${DEFAULT-VALUE}")
  private Duration stall;

  @Option(
      names = "--feed-connect-timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "How long a live source may take to open, 100ms to 1h. Default: ${DEFAULT-VALUE}")
  private Duration connectTimeout;

  @Option(
      names = "--feed-first-pause",
      paramLabel = "TIME",
      defaultValue = "500ms",
      description =
          "The longest pause before a lost feed is connected again; it doubles with each attempt."
              + " Default: ${DEFAULT-VALUE}")
  private Duration firstPause;

  @Option(
      names = "--feed-longest-pause",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "Where these pauses stop growing. Default: ${DEFAULT-VALUE}")
  private Duration longestPause;

  @Option(
      names = "--feed-steady",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "After frames for so long, the next pause is a first one. Default: ${DEFAULT-VALUE}")
  private Duration steady;

  /** The sampler's name. */
  public String name() {
    return name;
  }

  /** What was asked for. */
  public FeedConfig config() {
    return new FeedConfig(
        listens,
        maxFeeds,
        bytesInFlight.bytes(),
        stall,
        connectTimeout,
        firstPause,
        longestPause,
        steady);
  }
}
