package io.saccade.sampler.feed;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses between attempts: evenly random between nothing and a bound that doubles (full jitter), so
 * that many who lost the same host do not come back at once. Not thread-safe.
 */
final class Backoff {

  private static final int MOST_DOUBLINGS = 30;

  private final long first;
  private final long longest;
  private final RandomGenerator random;
  private int pauses;

  /** Pauses of at most {@code first}, later at most {@code longest}. */
  Backoff(Duration first, Duration longest, RandomGenerator random) {
    this.first = first.toNanos();
    this.longest = longest.toNanos();
    this.random = random;
  }

  /** The next pause. */
  Duration next() {
    int doublings = Math.min(pauses++, MOST_DOUBLINGS);
    long bound = first > longest >> doublings ? longest : first << doublings;
    return Duration.ofNanos(random.nextLong(bound + 1));
  }

  /** The next pause is a first one. */
  void reset() {
    pauses = 0;
  }
}
