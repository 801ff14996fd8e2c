package io.saccade.video;

import io.saccade.video.VideoException.Category;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The wall-clock time limit and the cancellation of one sampling. Thread-safe if {@code cancelled}
 * is. Public for the other packages of this module only.
 */
public final class WorkBudget {
  private final Duration limit;
  private final LongSupplier nanoClock;
  private final long start;
  private final BooleanSupplier cancelled;

  /**
   * A budget that starts now.
   *
   * @param cancelled polled by {@link #spent} and {@link #check}
   */
  public WorkBudget(Duration limit, BooleanSupplier cancelled) {
    this(limit, cancelled, System::nanoTime);
  }

  /** A budget on another monotonic clock, in nanoseconds. */
  public WorkBudget(Duration limit, BooleanSupplier cancelled, LongSupplier nanoClock) {
    this(limit, cancelled, nanoClock, nanoClock.getAsLong());
  }

  /** A budget without a practical limit (100 years), for work that ends with its process. */
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

  /**
   * The rest of this budget, for a part of the work that also ends when {@code stopped} is true.
   */
  public WorkBudget until(BooleanSupplier stopped) {
    return new WorkBudget(
        limit, () -> stopped.getAsBoolean() || cancelled.getAsBoolean(), nanoClock, start);
  }

  /** Whether the work has to stop now; cheap enough to call for each packet and each read. */
  public boolean spent() {
    return overtime() || cancelled();
  }

  /** Throws CANCELLED or TIMEOUT if the work has to stop now. */
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

  /**
   * An interrupt counts as cancellation: it closes the file channel, which must not be reported as
   * a damaged file.
   */
  private boolean cancelled() {
    return cancelled.getAsBoolean() || Thread.currentThread().isInterrupted();
  }

  private boolean overtime() {
    return nanoClock.getAsLong() - start > limit.toNanos();
  }
}
