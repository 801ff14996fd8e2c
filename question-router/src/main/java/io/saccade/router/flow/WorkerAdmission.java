package io.saccade.router.flow;

/**
 * Predicts how long a request waits for the workers, from how many are out and from the intervals
 * at which results come while any is. All times are milliseconds, moments those of one clock.
 */
final class WorkerAdmission {

  /** How much of the past counts after one more result: about the last twenty do. */
  private static final double DECAY = 0.95;

  /** Intervals differ: a prediction leaves room for those to come to be longer. */
  private static final double HEADROOM = 1.25;

  private final int most;
  private int outstanding;
  private double time;
  private double results;

  /** When the last result came, or when the first request went out that has none since. */
  private long since;

  /**
   * With nothing out and nothing known.
   *
   * @param most requests that may be out at once, at least 1
   */
  WorkerAdmission(int most) {
    this.most = most;
  }

  /** A request goes out. */
  void sent(long now) {
    if (outstanding++ == 0) {
      since = now;
    }
  }

  /** A result came. */
  void completed(long now) {
    time = DECAY * time + (now - since);
    results = DECAY * results + 1;
    since = now;
    outstanding--;
  }

  /** A request that is out will have no result that is of use. */
  void lost() {
    outstanding--;
  }

  /**
   * Whether one more request may go out: it is the only one, so that there is always something to
   * learn from, or its result is expected within {@code patience}.
   */
  boolean admits(long patience, long now) {
    if (outstanding == 0) {
      return true;
    }
    return results > 0 && outstanding < most && (outstanding + 1) * interval(now) <= patience;
  }

  /** The interval to reckon with between two results: no less than that since the last. */
  double interval(long now) {
    double mean = results == 0 ? 0 : time / results;
    return HEADROOM * (outstanding == 0 ? mean : Math.max(mean, (double) (now - since)));
  }
}
