package io.saccade.sampler.feed;

import io.saccade.proto.v1.FeedState;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a sampler's feeds do and have done since it started. Thread-safe. */
final class FeedCounters {

  /** Those in which a feed is followed. */
  private static final Set<FeedState> STATES =
      EnumSet.of(FeedState.CONNECTING, FeedState.LIVE, FeedState.STALLED, FeedState.LOST);

  private final Metrics metrics;
  private final Set<Feed> feeds = ConcurrentHashMap.newKeySet();

  /** Counts in the meters of the feeds. */
  FeedCounters(Metrics metrics) {
    this.metrics = metrics;
    for (FeedState state : STATES) {
      metrics.gauge(Metric.FEEDS, state, () -> in(state));
    }
  }

  private long in(FeedState state) {
    return feeds.stream().filter(feed -> feed.state() == state).count();
  }

  /** A feed is followed, perhaps again. */
  void followed(Feed feed) {
    feeds.add(feed);
  }

  /** A feed is followed no more. */
  void left(Feed feed) {
    feeds.remove(feed);
  }

  /** A feed connects to its source. */
  void connecting() {
    metrics.count(Metric.FEED_CONNECTS);
  }

  /** A frame came. */
  void frame() {
    metrics.count(Metric.FEED_FRAMES);
  }

  /** A window is published. */
  void published() {
    metrics.count(Metric.FEED_WINDOWS);
  }

  /** Windows were dropped. */
  void dropped(long windows) {
    metrics.add(Metric.FEED_WINDOWS_DROPPED, windows);
  }

  /** Windows published so far. */
  long publishedWindows() {
    return (long) metrics.value(Metric.FEED_WINDOWS);
  }

  /** Windows dropped so far. */
  long droppedWindows() {
    return (long) metrics.value(Metric.FEED_WINDOWS_DROPPED);
  }
}
