package io.saccade.video.live;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Detects that no frame comes for some time, and reports it once per stall. The time for which a
 * frame is being passed on does not count. Thread-safe.
 */
final class StallWatch {
  private final long limit;
  private final Runnable onStall;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long since;
  private boolean watching;
  private boolean stalled;

  /**
   * Creates a watch; {@link #start} starts it.
   *
   * @param limit nanoseconds without a frame that make a stall
   * @param onStall called on the watch's thread
   */
  StallWatch(long limit, Runnable onStall) {
    this.limit = limit;
    this.onStall = onStall;
  }

  /** Starts to watch, on a thread that runs until the process ends. */
  void start() {
    since = System.nanoTime();
    watching = true;
    Thread thread = new Thread(this::watch, "stall-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Stops the time when a frame has come.
   *
   * @return whether there was a stall before the frame
   */
  boolean pause() {
    lock.lock();
    try {
      boolean before = stalled;
      stalled = false;
      watching = false;
      return before;
    } finally {
      lock.unlock();
    }
  }

  /** Restarts the time once the frame has been passed on. */
  void resume() {
    lock.lock();
    try {
      since = System.nanoTime();
      watching = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void watch() {
    lock.lock();
    try {
      while (true) {
        long rest = limit - (System.nanoTime() - since);
        if (!watching || stalled) {
          changed.await();
        } else if (rest <= 0) {
          stalled = true;
          onStall.run();
        } else {
          changed.awaitNanos(rest);
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("this thread is never interrupted", e);
    } finally {
      lock.unlock();
    }
  }
}
