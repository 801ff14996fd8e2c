package io.saccade.cli.option;

import io.saccade.sampler.SamplerConfig;
import io.saccade.sampler.feed.FeedConfig;
import io.saccade.video.access.ListenRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options for how a sampler follows live feeds. */
public final class FeedOptions {

  @Option(
      names = "--sampler-name",
      paramLabel = "NAME",
      description =
          "The sampler's name in logs and feed states. Default: sampler- and its process id")
  private String name = SamplerConfig.defaultName();

  @Option(
      names = "--allow-listen",
      paramLabel = "ADDRESS[/BITS]:PORT[-PORT]",
      split = ",",
      description =
          "Addresses and ports at which the sampler may receive live videos by udp, for example"
              + " 239.1.0.0/16:5000-5999; may be repeated. Default: none")
  private final List<ListenRule> listens = new ArrayList<>();

  @Option(
      names = "--max-feeds",
      paramLabel = "N",
      defaultValue = "64",
      description =
          "The most live feeds that this sampler follows at a time; 0: it follows none. Default:"
              + " ${DEFAULT-VALUE}")
  private int maxFeeds;

  @Option(
      names = "--feed-bytes-in-flight",
      paramLabel = "BYTES",
      defaultValue = "64MiB",
      description =
          "The most bytes of live frames that wait to be written to the log, of all feeds together;"
              + " windows beyond it are dropped. Default: ${DEFAULT-VALUE}")
  private ByteSize bytesInFlight;

  @Option(
      names = "--feed-stall",
      paramLabel = "TIME",
      defaultValue = "5s",
      description =
          "A feed is stalled if no frame arrives for this time, 100ms to 1h. Default:"
              + " ${DEFAULT-VALUE}")
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
          "The longest pause before the first attempt to connect to a lost feed again; it doubles"
              + " with each attempt. Default: ${DEFAULT-VALUE}")
  private Duration firstPause;

  @Option(
      names = "--feed-longest-pause",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "The bound of these pauses. Default: ${DEFAULT-VALUE}")
  private Duration longestPause;

  @Option(
      names = "--feed-steady",
      paramLabel = "TIME",
      defaultValue = "10s",
      description =
          "Once a feed has delivered frames for this time, its next pause is a first one again."
              + " Default: ${DEFAULT-VALUE}")
  private Duration steady;

  /** The sampler's name in logs and feed states. */
  public String name() {
    return name;
  }

  /**
   * The settings of the sampler's feeds.
   *
   * @throws io.saccade.bus.ConfigException if a value is out of range
   */
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
