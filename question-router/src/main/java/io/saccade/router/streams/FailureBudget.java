package io.saccade.router.streams;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** How often something may fail within a sliding time before one gives up. Thread-safe. */
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

  /** Five failures within five minutes: more are not passing. */
  static FailureBudget ofTheRouter() {
    return new FailureBudget(FAILURES, WINDOW, System::nanoTime);
  }

  /** Notes a failure and says whether it is within the budget. */
  synchronized boolean allows() {
    long now = ticker.getAsLong();
    while (!failures.isEmpty() && now - failures.peek() > windowNanos) {
      failures.remove();
    }
    failures.add(now);
    return failures.size() <= most;
  }
}
