package io.saccade.video.live;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Delays frames until their presentation time, so that a file is played like a live video, and a
 * live video whose bytes arrive in bursts is played evenly. Times are in nanoseconds. Not
 * thread-safe.
 */
final class FramePacer {
  private final double speed;
  private final LongSupplier nanoClock;
  private final Sleeper sleeper;
  private long startPts;
  private long start;

  /** Waits; tests replace it. */
  @FunctionalInterface
  interface Sleeper {

    /** Blocks for this number of nanoseconds, or less. */
    void await(long nanos);
  }

  /**
   * A pacer on this machine's monotonic clock.
   *
   * @param speed seconds of video per second; infinite for no delay
   */
  FramePacer(double speed) {
    this(speed, System::nanoTime, LockSupport::parkNanos);
  }

  FramePacer(double speed, LongSupplier nanoClock, Sleeper sleeper) {
    this.speed = speed;
    this.nanoClock = nanoClock;
    this.sleeper = sleeper;
  }

  /** Starts with a frame of this time, which is due now; later frames are due relative to it. */
  void begin(long pts) {
    startPts = pts;
    start = nanoClock.getAsLong();
  }

  /** Waits until a frame of this time is due; returns at once if it is late. */
  void await(long pts) {
    long due = Math.round((pts - startPts) / speed);
    for (long remaining = remaining(due); remaining > 0; remaining = remaining(due)) {
      sleeper.await(remaining);
    }
  }

  private long remaining(long due) {
    return due - (nanoClock.getAsLong() - start);
  }
}
