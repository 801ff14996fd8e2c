package io.saccade.sampler;

import java.util.concurrent.atomic.LongAdder;

/** What a sampler's feeds have done since it started. Thread-safe. */
final class FeedCounters {

  private final LongAdder published = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /** A window is published. */
  void published() {
    published.increment();
  }

  /** Windows were dropped. */
  void dropped(long windows) {
    dropped.add(windows);
  }

  /** Windows published so far. */
  long publishedWindows() {
    return published.sum();
  }

  /** Windows dropped so far. */
  long droppedWindows() {
    return dropped.sum();
  }
}
