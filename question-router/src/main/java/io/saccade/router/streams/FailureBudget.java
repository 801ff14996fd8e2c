package io.saccade.router.streams;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** Limits the number of failures within a sliding window of time. Thread-safe. */
final class FailureBudget {

  private static final int FAILURES = 5;
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final int most;
  private final long windowNanos;
  private final LongSupplier ticker;
  private final Deque<Long> failures = new ArrayDeque<>();

  FailureBudget(int most, Duration window, LongSupplier ticker) {
    this.most = most;
    this.windowNanos = window.toNanos();
    this.ticker = ticker;
  }

  /**
   * The router's budget, five failures within five minutes: more than that do not pass by
   * themselves.
   */
  static FailureBudget ofRouter() {
    return new FailureBudget(FAILURES, WINDOW, System::nanoTime);
  }

  /** Records a failure and returns whether it is within the budget. */
  synchronized boolean allows() {
    long now = ticker.getAsLong();
    while (!failures.isEmpty() && now - failures.peek() > windowNanos) {
      failures.remove();
    }
    failures.add(now);
    return failures.size() <= most;
  }
}
