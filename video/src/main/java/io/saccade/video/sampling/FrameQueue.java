package io.saccade.video.sampling;

import io.saccade.video.SampledFrame;
import io.saccade.video.VideoException;
import io.saccade.video.WorkBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Passes frames in order from the threads that decode runs in parallel to the thread that samples.
 * Its capacity is small: a thread that is ahead of the run being delivered waits. Thread-safe.
 */
final class FrameQueue {
  private static final long POLL_MILLIS = 20;

  private final int capacity;
  private final List<Queue<SampledFrame>> frames = new ArrayList<>();
  private final boolean[] finished;
  private int currentRun;
  private int size;
  private @Nullable Throwable failure;

  /**
   * An empty queue.
   *
   * @param runs number of runs
   * @param capacity number of frames that the queue holds; the run being delivered may exceed it by
   *     one
   */
  FrameQueue(int runs, int capacity) {
    this.capacity = capacity;
    this.finished = new boolean[runs];
    for (int i = 0; i < runs; i++) {
      frames.add(new ArrayDeque<>());
    }
  }

  /** Adds the next frame of a run; blocks while the queue is full. */
  synchronized void put(int run, SampledFrame frame, WorkBudget budget) throws VideoException {
    while (size >= capacity && !(run == currentRun && frames.get(run).isEmpty())) {
      awaitChange(budget);
    }
    frames.get(run).add(frame);
    size++;
    notifyAll();
  }

  /** Marks a run as complete. */
  synchronized void finish(int run) {
    finished[run] = true;
    notifyAll();
  }

  /** Ends the queue with a failure; the first one is kept. */
  synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    notifyAll();
  }

  /**
   * Returns the next frame in order, or null after the last; blocks until it is there.
   *
   * @throws VideoException if decoding failed, even if frames are left in the queue
   */
  synchronized @Nullable SampledFrame take(WorkBudget budget) throws VideoException {
    while (true) {
      throwFailure();
      if (currentRun == finished.length) {
        return null;
      }
      SampledFrame frame = frames.get(currentRun).poll();
      if (frame != null) {
        size--;
        notifyAll();
        return frame;
      }
      if (finished[currentRun]) {
        currentRun++;
        notifyAll();
      } else {
        awaitChange(budget);
      }
    }
  }

  private void throwFailure() throws VideoException {
    if (failure instanceof VideoException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
  }

  private void awaitChange(WorkBudget budget) throws VideoException {
    budget.check();
    try {
      TimeUnit.MILLISECONDS.timedWait(this, POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      budget.check();
    }
  }
}
