package io.saccade.router;

import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.SkipReason;

/**
 * Counts each {@link RouterEvent} and each skipped window of this process. Work that is repeated
 * after a crash or a rebalance is counted twice. Thread-safe.
 */
public final class RouterCounters {

  private final Metrics metrics;

  /** Keeps the counts in these metrics, those of the router. */
  public RouterCounters(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Number of these events since the start of the process. */
  public long get(RouterEvent event) {
    return (long) metrics.value(event.metric(), event.value());
  }

  /** Number of windows of standing questions that were skipped for this reason. */
  public long skipped(SkipReason reason) {
    return (long) metrics.value(Metric.WINDOWS_SKIPPED, reason);
  }

  /** Counts one event. */
  public void add(RouterEvent event) {
    add(event, 1);
  }

  /** Counts {@code times} events of one kind. */
  public void add(RouterEvent event, long times) {
    metrics.add(event.metric(), event.value(), times);
  }
}
