package io.saccade.bus;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what can only be found by looking. */
public final class Await {

  private static final Duration LOOK = Duration.ofMillis(200);

  private Await() {}

  /** A question that may be interrupted. */
  public interface Condition {
    /** Looks once. */
    boolean holds() throws InterruptedException;
  }

  /**
   * Looks again and again.
   *
   * @return whether the condition held before the time was over
   */
  public static boolean until(Duration most, Condition condition) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      pause(LOOK);
    }
    return true;
  }

  /** Waits, at most; never less than nothing. */
  public static void pause(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(Await.class, left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
