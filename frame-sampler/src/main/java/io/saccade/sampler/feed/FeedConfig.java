package io.saccade.sampler.feed;

import io.saccade.bus.Problems;
import io.saccade.video.access.ListenRule;
import java.time.Duration;
import java.util.List;

/**
 * How a sampler follows live feeds. How each is cut in windows is the reference's business
 * (LiveOptions).
 *
 * @param listens where {@code udp:} sources may be listened for; none unless named
 * @param maxFeeds connections at a time, 0 to 10,000; feeds beyond it wait for their turn. 0
 *     follows none and leaves all to other samplers
 * @param bytesInFlight most bytes of frames that wait for the log's acknowledgement, all feeds
 *     together, 16 MiB to 64 GiB. When they are reached, feeds drop whole windows
 * @param stall how long no frame may come before a feed counts as stalled, 100 ms to 1 h
 * @param connectTimeout how long a source may take to open, 100 ms to 1 h
 * @param firstPause before the first attempt to connect again, at least 1 ms; each further pause
 *     may be twice as long
 * @param longestPause where pauses stop growing, at least {@code firstPause}
 * @param steady how long frames must come until the next pause is a first one again
 */
public record FeedConfig(
    List<ListenRule> listens,
    int maxFeeds,
    long bytesInFlight,
    Duration stall,
    Duration connectTimeout,
    Duration firstPause,
    Duration longestPause,
    Duration steady) {

  private static final int MOST_FEEDS = 10_000;

  /** The largest frame of the contract, 2,048 pixels square, must fit. */
  private static final long LEAST_BYTES = 16L << 20;

  private static final long MOST_BYTES = 64L << 30;
  private static final Duration LEAST_PATIENCE = Duration.ofMillis(100);
  private static final Duration MOST_PATIENCE = Duration.ofHours(1);

  /** Copies the list and checks the ranges. */
  public FeedConfig {
    listens = List.copyOf(listens);
    new Problems()
        .unless(
            maxFeeds >= 0 && maxFeeds <= MOST_FEEDS,
            "max-feeds",
            maxFeeds,
            "must be 0 to " + MOST_FEEDS)
        .unless(
            bytesInFlight >= LEAST_BYTES && bytesInFlight <= MOST_BYTES,
            "feed-bytes-in-flight",
            bytesInFlight,
            "must be " + LEAST_BYTES + " (16 MiB) to " + MOST_BYTES + " (64 GiB)")
        .unless(isPatience(stall), "feed-stall", stall, "must be 100 ms to 1 h")
        .unless(
            isPatience(connectTimeout),
            "feed-connect-timeout",
            connectTimeout,
            "must be 100 ms to 1 h")
        .unless(
            firstPause.compareTo(Duration.ofMillis(1)) >= 0,
            "feed-first-pause",
            firstPause,
            "must be at least 1 ms")
        .unless(
            longestPause.compareTo(firstPause) >= 0
                && longestPause.compareTo(Duration.ofDays(1)) <= 0,
            "feed-longest-pause",
            longestPause,
            "must be feed-first-pause to 24 h")
        .unless(!steady.isNegative(), "feed-steady", steady, "must not be negative")
        .throwIfAny("sampler");
  }

  private static boolean isPatience(Duration time) {
    return time.compareTo(LEAST_PATIENCE) >= 0 && time.compareTo(MOST_PATIENCE) <= 0;
  }

  /**
   * No listening, 64 feeds, 64 MiB, stalled after 5 s, 10 s to connect, pauses of up to 0.5 s that
   * double to 30 s, steady after 10 s.
   */
  public static FeedConfig defaults() {
    return new FeedConfig(
        List.of(),
        64,
        64L << 20,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofMillis(500),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10));
  }

  /** The same with another number of feeds. */
  public FeedConfig withMaxFeeds(int other) {
    return new FeedConfig(
        listens, other, bytesInFlight, stall, connectTimeout, firstPause, longestPause, steady);
  }
}
