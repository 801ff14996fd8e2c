package io.saccade.video;

import io.saccade.video.VideoException.Category;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Wall-clock time and the caller's patience, for one sampling. */
public final class WorkBudget {
  private final Duration limit;
  private final LongSupplier nanoClock;
  private final long start;
  private final BooleanSupplier cancelled;

  public WorkBudget(Duration limit, BooleanSupplier cancelled) {
    this(limit, cancelled, System::nanoTime);
  }

  public WorkBudget(Duration limit, BooleanSupplier cancelled, LongSupplier nanoClock) {
    this(limit, cancelled, nanoClock, nanoClock.getAsLong());
  }

  /** As much time as it takes, until the process is ended from outside. */
  public static WorkBudget unlimited() {
    return new WorkBudget(Duration.ofDays(36_500), () -> false);
  }

  private WorkBudget(
      Duration limit, BooleanSupplier cancelled, LongSupplier nanoClock, long start) {
    this.limit = limit;
    this.cancelled = cancelled;
    this.nanoClock = nanoClock;
    this.start = start;
  }

  /** What is left of this budget, for a part of the work that ends sooner if told to. */
  public WorkBudget until(BooleanSupplier stopped) {
    return new WorkBudget(
        limit, () -> stopped.getAsBoolean() || cancelled.getAsBoolean(), nanoClock, start);
  }

  /** Whether work has to stop now; cheap, called for each packet and each read. */
  public boolean spent() {
    return overtime() || cancelled();
  }

  /** Throws if work has to stop now. */
  public void check() throws VideoException {
    if (cancelled()) {
      throw new VideoException(Category.CANCELLED, "sampling was cancelled");
    }
    if (overtime()) {
      throw new VideoException(
          Category.TIMEOUT,
          "sampling took longer than %s; allow more time or ask for a shorter range"
              .formatted(limit));
    }
  }

  /** An interrupt counts, too: it has closed the file, which must not pass for a damaged one. */
  private boolean cancelled() {
    return cancelled.getAsBoolean() || Thread.currentThread().isInterrupted();
  }

  private boolean overtime() {
    return nanoClock.getAsLong() - start > limit.toNanos();
  }
}
