package io.saccade.worker;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** A worker's meters in a registry. May be used from any thread. */
final class WorkerMetrics {

  private final Map<WorkerMetric, Counter> counters = new EnumMap<>(WorkerMetric.class);
  private final Map<WorkerMetric, AtomicLong> gauges = new EnumMap<>(WorkerMetric.class);
  private final Map<WorkerMetric, DistributionSummary> summaries =
      new EnumMap<>(WorkerMetric.class);
  private final Map<WorkerMetric, Timer> timers = new EnumMap<>(WorkerMetric.class);

  /** Registers all meters, so that each is there from the start. */
  WorkerMetrics(MeterRegistry registry, String worker, String model) {
    Tags tags = Tags.of("worker", worker, "model", model);
    for (WorkerMetric metric : WorkerMetric.values()) {
      switch (metric.kind()) {
        case COUNTER -> counters.put(metric, registry.counter(metric.meter(), tags));
        case SUMMARY -> summaries.put(metric, registry.summary(metric.meter(), tags));
        case TIMER -> timers.put(metric, registry.timer(metric.meter(), tags));
        case GAUGE -> {
          AtomicLong value = new AtomicLong();
          Gauge.builder(metric.meter(), value, AtomicLong::get).tags(tags).register(registry);
          gauges.put(metric, value);
        }
      }
    }
  }

  void count(WorkerMetric counter) {
    counters.get(counter).increment();
  }

  void count(WorkerMetric counter, long times) {
    counters.get(counter).increment((double) times);
  }

  void set(WorkerMetric gauge, long value) {
    gauges.get(gauge).set(value);
  }

  void record(WorkerMetric summary, long value) {
    summaries.get(summary).record((double) value);
  }

  /** Adds the time since {@code begin}, a value of {@link System#nanoTime}. */
  void timeSince(WorkerMetric timer, long begin) {
    timers.get(timer).record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
  }

  /**
   * All meters as {@code name=value}: counts, bytes, the mean batch; of a timer its count and its
   * milliseconds in all.
   */
  String line() {
    return Arrays.stream(WorkerMetric.values()).map(this::entry).collect(Collectors.joining(" "));
  }

  private String entry(WorkerMetric metric) {
    String name = metric.name().toLowerCase(Locale.ROOT);
    return switch (metric.kind()) {
      case COUNTER -> name + "=" + (long) counters.get(metric).count();
      case GAUGE -> name + "=" + gauges.get(metric).get();
      case SUMMARY -> String.format(Locale.ROOT, "%s=%.1f", name, summaries.get(metric).mean());
      case TIMER -> {
        Timer timer = timers.get(metric);
        yield String.format(
            Locale.ROOT,
            "%s=%d %s_ms=%.0f",
            name,
            timer.count(),
            name,
            timer.totalTime(TimeUnit.MILLISECONDS));
      }
    };
  }
}
