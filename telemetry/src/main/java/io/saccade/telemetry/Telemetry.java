package io.saccade.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the roles of a process report to. May be used from any thread. */
public final class Telemetry {

  private final MeterRegistry registry;
  private final Tracing tracing;
  private final Map<List<Object>, Metrics> metrics = new ConcurrentHashMap<>();

  /** Reports to a registry and to a tracer. */
  public Telemetry(MeterRegistry registry, Tracing tracing) {
    this.registry = registry;
    this.tracing = tracing;
  }

  /** Reports to nobody; what is counted can be read from {@link #metrics} alone. */
  public static Telemetry none() {
    return new Telemetry(new SimpleMeterRegistry(), Tracing.off());
  }

  /**
   * The meters of a role; the same each time.
   *
   * @param tags of the role's own metrics, key and value in turns, such as the model's name; few
   *     values in a process's life
   */
  public Metrics metrics(MetricScope owner, String... tags) {
    return metrics.computeIfAbsent(
        List.of(owner, List.of(tags)), key -> new Metrics(registry, owner, tags));
  }

  /** Where spans go. */
  public Tracing tracing() {
    return tracing;
  }
}
