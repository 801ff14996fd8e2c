package io.saccade.video.sampling;

import io.saccade.video.SampledFrame;
import io.saccade.video.VideoException;
import io.saccade.video.WorkBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/**
 * Hands over frames in order from threads that decode runs side by side to the one that samples.
 * Holds few: who is ahead of the run that is being handed over waits.
 */
final class FrameQueue {
  private static final long PATIENCE_MILLIS = 20;

  private final int capacity;
  private final List<Queue<SampledFrame>> waiting = new ArrayList<>();
  private final boolean[] finished;
  private int head;
  private int held;
  private Throwable failure;

  /**
   * A queue of no frames.
   *
   * @param runs number of runs
   * @param capacity frames that may wait
   */
  FrameQueue(int runs, int capacity) {
    this.capacity = capacity;
    this.finished = new boolean[runs];
    for (int i = 0; i < runs; i++) {
      waiting.add(new ArrayDeque<>());
    }
  }

  /** Adds the next frame of a run; waits while the queue is full. */
  synchronized void put(int run, SampledFrame frame, WorkBudget budget) throws VideoException {
    while (held >= capacity && !(run == head && waiting.get(run).isEmpty())) {
      pause(budget);
    }
    waiting.get(run).add(frame);
    held++;
    notifyAll();
  }

  /** Says that a run has given all its frames. */
  synchronized void finish(int run) {
    finished[run] = true;
    notifyAll();
  }

  /** Says that there will be no further frames. */
  synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    notifyAll();
  }

  /**
   * The next frame in order, waited for; null after the last.
   *
   * @throws VideoException if decoding failed, also before frames that are there
   */
  synchronized SampledFrame take(WorkBudget budget) throws VideoException {
    while (true) {
      throwFailure();
      if (head == finished.length) {
        return null;
      }
      SampledFrame frame = waiting.get(head).poll();
      if (frame != null) {
        held--;
        notifyAll();
        return frame;
      }
      if (finished[head]) {
        head++;
        notifyAll();
      } else {
        pause(budget);
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

  private void pause(WorkBudget budget) throws VideoException {
    budget.check();
    try {
      TimeUnit.MILLISECONDS.timedWait(this, PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      budget.check();
    }
  }
}
