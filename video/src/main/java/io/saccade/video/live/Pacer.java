package io.saccade.video.live;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Holds back frames until their time has come, so that a file passes like a live video, and a live
 * video that comes in pieces without pauses between them. Times are in nanoseconds.
 */
final class Pacer {
  private final double speed;
  private final LongSupplier nanoClock;
  private final Waiting waiting;
  private long startPts;
  private long start;

  /** Lets time pass; the seam at which tests do so themselves. */
  @FunctionalInterface
  interface Waiting {

    /** Returns after so many nanoseconds, or before. */
    void await(long nanos);
  }

  /**
   * Paces by this machine's monotonic clock: so many seconds of the video in a second; any number
   * if {@code speed} is infinite.
   */
  Pacer(double speed) {
    this(speed, System::nanoTime, LockSupport::parkNanos);
  }

  Pacer(double speed, LongSupplier nanoClock, Waiting waiting) {
    this.speed = speed;
    this.nanoClock = nanoClock;
    this.waiting = waiting;
  }

  /** A frame with this time passes now; the later ones follow it. */
  void begin(long pts) {
    startPts = pts;
    start = nanoClock.getAsLong();
  }

  /** Waits until the frame's time has come; at once if it has passed. */
  void await(long pts) {
    long due = Math.round((pts - startPts) / speed);
    for (long rest = rest(due); rest > 0; rest = rest(due)) {
      waiting.await(rest);
    }
  }

  private long rest(long due) {
    return due - (nanoClock.getAsLong() - start);
  }
}
