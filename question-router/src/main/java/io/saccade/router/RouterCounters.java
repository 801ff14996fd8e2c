package io.saccade.router;

import io.saccade.telemetry.Metrics;

/**
 * How often each {@link RouterEvent} happened in this process. Work that a crash or a rebalance
 * undoes and repeats is counted twice. Safe for use by several threads.
 */
public final class RouterCounters {

  private final Metrics metrics;

  /** Counts in the router's meters. */
  RouterCounters(Metrics metrics) {
    this.metrics = metrics;
  }

  /** The count since the start of the process. */
  public long get(RouterEvent event) {
    return (long) metrics.value(event.metric(), event.value());
  }

  void add(RouterEvent event) {
    add(event, 1);
  }

  void add(RouterEvent event, long times) {
    metrics.add(event.metric(), event.value(), times);
  }
}
