package io.saccade.router.flow;

/**
 * Admits requests to the workers as long as the results are expected in time. Times are
 * milliseconds, points in time those of one clock.
 *
 * <p>How it works: while requests are outstanding, the intervals between results give the workers'
 * throughput, whatever their number and batching. The mean interval is an exponentially decayed
 * average, or the time since the last result if that is longer, as when workers have stopped. By
 * Little's law one more request with {@code n} outstanding ones is expected to take {@code (n + 1)}
 * intervals.
 *
 * <p>See decision 58 in {@code docs/decisions.md}.
 */
final class WorkerAdmission {

  /** The weight of past intervals at each new result: about the last twenty count. */
  private static final double DECAY = 0.95;

  /** Predictions are longer than the mean by this factor, because intervals vary. */
  private static final double HEADROOM = 1.25;

  private final int most;
  private int outstanding;

  /** The decayed sum of intervals. */
  private double intervals;

  /** The decayed number of intervals. */
  private double results;

  /**
   * When the current interval began: at the last result, or at the first request after none was
   * outstanding.
   */
  private long intervalBegin;

  /**
   * No request is outstanding and nothing is measured.
   *
   * @param most largest number of outstanding requests, at least 1
   */
  WorkerAdmission(int most) {
    this.most = most;
  }

  /** A request is sent. */
  void sent(long now) {
    if (outstanding++ == 0) {
      intervalBegin = now;
    }
  }

  /** A result arrived. */
  void completed(long now) {
    intervals = DECAY * intervals + (now - intervalBegin);
    results = DECAY * results + 1;
    intervalBegin = now;
    outstanding--;
  }

  /** An outstanding request is given up: its question was closed without its result. */
  void lost() {
    outstanding--;
  }

  /**
   * Whether one more request may be sent. It may if none is outstanding, so that there is always a
   * measurement, or if its result is expected within {@code maxWait}.
   */
  boolean admits(long maxWait, long now) {
    if (outstanding == 0) {
      return true;
    }
    return results > 0 && outstanding < most && (outstanding + 1) * interval(now) <= maxWait;
  }

  /** The expected interval between two results, at least the time since the last. */
  double interval(long now) {
    double mean = results == 0 ? 0 : intervals / results;
    return HEADROOM * (outstanding == 0 ? mean : Math.max(mean, (double) (now - intervalBegin)));
  }
}
