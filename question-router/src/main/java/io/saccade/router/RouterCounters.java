package io.saccade.router;

import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.SkipReason;

/**
 * How often each {@link RouterEvent} and each skip happened in this process. Work that a crash or a
 * rebalance undoes and repeats is counted twice. Safe for use by several threads.
 */
public final class RouterCounters {

  private final Metrics metrics;

  /** Counts in the router's meters. */
  public RouterCounters(Metrics metrics) {
    this.metrics = metrics;
  }

  /** The count since the start of the process. */
  public long get(RouterEvent event) {
    return (long) metrics.value(event.metric(), event.value());
  }

  /** How many windows of standing questions were skipped for this reason. */
  public long skipped(SkipReason reason) {
    return (long) metrics.value(Metric.WINDOWS_SKIPPED, reason);
  }

  public void add(RouterEvent event) {
    add(event, 1);
  }

  public void add(RouterEvent event, long times) {
    metrics.add(event.metric(), event.value(), times);
  }
}
