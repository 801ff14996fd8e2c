package io.saccade.video.live;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Notices that no frame comes, once for each time; a frame that is being handed on has come. */
final class StallWatch {
  private final long limit;
  private final Runnable onStall;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long since;
  private boolean watching;
  private boolean stalled;

  /**
   * A watch that has not begun.
   *
   * @param limit nanoseconds without a frame
   * @param onStall called on the watch's own thread
   */
  StallWatch(long limit, Runnable onStall) {
    this.limit = limit;
    this.onStall = onStall;
  }

  /** Begins to watch, on a thread that lives as long as the process. */
  void start() {
    since = System.nanoTime();
    watching = true;
    Thread thread = new Thread(this::watch, "stall-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * A frame has come; time does not count until {@link #resume}.
   *
   * @return whether there was a stall before it
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

  /** The frame has been handed on: the next one is waited for. */
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
      throw new IllegalStateException("nobody interrupts this thread", e);
    } finally {
      lock.unlock();
    }
  }
}
