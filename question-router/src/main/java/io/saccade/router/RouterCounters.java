package io.saccade.router;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * How often each {@link RouterEvent} happened in this process. Work that a crash or a rebalance
 * undoes and repeats is counted twice. Safe for use by several threads.
 */
public final class RouterCounters {

  private final Map<RouterEvent, LongAdder> counts = new EnumMap<>(RouterEvent.class);

  /** All at zero. */
  public RouterCounters() {
    for (RouterEvent event : RouterEvent.values()) {
      counts.put(event, new LongAdder());
    }
  }

  /** The count since the start of the process. */
  public long get(RouterEvent event) {
    return counts.get(event).sum();
  }

  void add(RouterEvent event) {
    add(event, 1);
  }

  void add(RouterEvent event, long times) {
    counts.get(event).add(times);
  }
}
