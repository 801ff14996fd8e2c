package io.saccade.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.saccade.telemetry.Metric.Kind;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A role's meters in a registry: all are there from the start, at zero, so that their first event
 * is seen as a change. May be used from any thread.
 *
 * <pre>{@code
 * metrics.count(Metric.QUESTIONS_FAILED, FailureCode.VIDEO_UNKNOWN);
 * metrics.gauge(Metric.LAG, loop::lag);
 * metrics.time(Metric.SAMPLER_DECODE, decoding);
 * }</pre>
 */
public final class Metrics {

  private static final Duration[] BUCKETS =
      Stream.of(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 600_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final MetricScope owner;
  private final Tags own;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private final Map<Key, Level> gauges = new ConcurrentHashMap<>();
  private final Map<Key, DistributionSummary> summaries = new ConcurrentHashMap<>();
  private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

  private record Key(Metric metric, String value) {}

  /** What a gauge shows: it asks at each scrape. */
  private static final class Level {
    private volatile DoubleSupplier source = () -> 0;
  }

  /**
   * Registers the meters of a role.
   *
   * @param tags of the role's own metrics, key and value in turns; few values in a process's life
   */
  Metrics(MeterRegistry registry, MetricScope owner, String... tags) {
    this.registry = registry;
    this.owner = owner;
    this.own = Tags.of(tags);
    for (Metric metric : Metric.values()) {
      if (isOurs(metric)) {
        register(metric);
      }
    }
  }

  /** Counts one. */
  public void count(Metric counter) {
    add(counter, 1);
  }

  /** Counts one of its label's value. */
  public void count(Metric counter, Enum<?> value) {
    counter(counter, Label.value(value)).increment();
  }

  /** Counts several. */
  public void add(Metric counter, long amount) {
    counter(counter, null).increment((double) amount);
  }

  /** Counts several of one of its label's values; null is the value of a metric without a label. */
  public void add(Metric counter, @Nullable Enum<?> value, long amount) {
    counter(counter, tag(value)).increment((double) amount);
  }

  /** Sets a gauge. */
  public void set(Metric gauge, long level) {
    gauge(gauge, () -> level);
  }

  /** Has a gauge ask from now on, at each scrape; the answer must come at once from any thread. */
  public void gauge(Metric gauge, DoubleSupplier level) {
    level(gauge, null).source = level;
  }

  /** The same for one of its label's values. */
  public void gauge(Metric gauge, Enum<?> value, DoubleSupplier level) {
    level(gauge, Label.value(value)).source = level;
  }

  /** Adds a value to a summary. */
  public void record(Metric summary, long value) {
    summary(summary, null).record((double) value);
  }

  /** Adds a time, which is not negative. */
  public void time(Metric timer, Duration time) {
    timer(timer, null).record(time);
  }

  /** Adds a time for one of its label's values. */
  public void time(Metric timer, Enum<?> value, Duration time) {
    timer(timer, Label.value(value)).record(time);
  }

  /** Adds the time since {@code begin}, a value of {@link System#nanoTime}. */
  public void timeSince(Metric timer, long begin) {
    time(timer, Duration.ofNanos(System.nanoTime() - begin));
  }

  /** What a counter or a gauge says, or how many values a summary or a timer has seen. */
  public double value(Metric metric) {
    return current(metric, null);
  }

  /** The same for one of its label's values; null is the value of a metric without a label. */
  public double value(Metric metric, @Nullable Enum<?> value) {
    return current(metric, tag(value));
  }

  private static @Nullable String tag(@Nullable Enum<?> value) {
    return value == null ? null : Label.value(value);
  }

  private double current(Metric metric, String value) {
    return switch (metric.kind()) {
      case COUNTER, BYTE_COUNTER -> counter(metric, value).count();
      case GAUGE, BYTE_GAUGE -> level(metric, value).source.getAsDouble();
      case SUMMARY -> summary(metric, value).count();
      case TIMER, HISTOGRAM -> timer(metric, value).count();
    };
  }

  /**
   * The role's own metrics without labels as {@code name=value}: counts, bytes, the mean of a
   * summary; of a timer its count and its milliseconds in all.
   */
  public String line() {
    return Stream.of(Metric.values())
        .filter(metric -> metric.owner() == owner && metric.label() == Label.NONE)
        .map(this::entry)
        .collect(Collectors.joining(" "));
  }

  private String entry(Metric metric) {
    String name = metric.name().toLowerCase(Locale.ROOT);
    return switch (metric.kind()) {
      case COUNTER, BYTE_COUNTER, GAUGE, BYTE_GAUGE -> name + "=" + (long) value(metric);
      case SUMMARY -> String.format(Locale.ROOT, "%s=%.1f", name, summary(metric, null).mean());
      case TIMER, HISTOGRAM -> {
        Timer timer = timer(metric, null);
        double millis = timer.totalTime(TimeUnit.MILLISECONDS);
        yield String.format(Locale.ROOT, "%s=%d %s_ms=%.0f", name, timer.count(), name, millis);
      }
    };
  }

  private void register(Metric metric) {
    if (metric.label() == Label.NONE) {
      register(metric, null);
    } else {
      metric.label().expected().forEach(value -> register(metric, value));
    }
  }

  private void register(Metric metric, String value) {
    switch (metric.kind()) {
      case COUNTER, BYTE_COUNTER -> counter(metric, value);
      case GAUGE, BYTE_GAUGE -> level(metric, value);
      case SUMMARY -> summary(metric, value);
      case TIMER, HISTOGRAM -> timer(metric, value);
    }
  }

  private Counter counter(Metric metric, String value) {
    return counters.computeIfAbsent(
        key(metric, value),
        key ->
            Counter.builder(metric.meter())
                .description(metric.description())
                .baseUnit(metric.kind().unit())
                .tags(tags(key))
                .register(registry));
  }

  private Level level(Metric metric, String value) {
    return gauges.computeIfAbsent(
        key(metric, value),
        key -> {
          Level level = new Level();
          Gauge.builder(metric.meter(), level, shown -> shown.source.getAsDouble())
              .description(metric.description())
              .baseUnit(metric.kind().unit())
              .tags(tags(key))
              .strongReference(true) // a registry outlives whoever registered with it
              .register(registry);
          return level;
        });
  }

  private DistributionSummary summary(Metric metric, String value) {
    return summaries.computeIfAbsent(
        key(metric, value),
        key ->
            DistributionSummary.builder(metric.meter())
                .description(metric.description())
                .tags(tags(key))
                .register(registry));
  }

  private Timer timer(Metric metric, String value) {
    return timers.computeIfAbsent(
        key(metric, value),
        key ->
            Timer.builder(metric.meter())
                .description(metric.description())
                .serviceLevelObjectives(metric.kind() == Kind.HISTOGRAM ? BUCKETS : null)
                .tags(tags(key))
                .register(registry));
  }

  private Key key(Metric metric, String value) {
    if (!isOurs(metric) || !metric.label().accepts(value)) {
      throw new IllegalArgumentException(
          metric + " with " + value + " is no metric of the " + owner.label());
    }
    return new Key(metric, value);
  }

  private boolean isOurs(Metric metric) {
    return metric.owner() == owner
        || (metric.owner() == MetricScope.EACH_ROLE && owner != MetricScope.PROCESS);
  }

  private Tags tags(Key key) {
    Metric metric = key.metric();
    Tags tags = metric.owner() == MetricScope.EACH_ROLE ? Tags.of("role", owner.label()) : own;
    return metric.label() == Label.NONE ? tags : tags.and(metric.label().key(), key.value());
  }
}
