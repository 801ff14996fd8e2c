package io.saccade.telemetry;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The roles that a process is to run and how each of them is. May be used from any thread.
 *
 * <p>A role that is expected and has not begun counts as starting, so that a process whose model
 * still loads is not ready.
 */
public final class RoleHealth {

  private static final Health EXPECTED = Health.starting("not started");

  private final Map<MetricScope, Supplier<Health>> roles = new ConcurrentHashMap<>();

  /** Roles that will come. */
  public void expect(MetricScope... expected) {
    for (MetricScope role : expected) {
      roles.putIfAbsent(role, () -> EXPECTED);
    }
  }

  /** A role that has come, or come again. */
  public void add(MetricScope role, Supplier<Health> health) {
    roles.put(role, health);
  }

  /** How each role is now, in the order of {@link MetricScope}. */
  public Map<MetricScope, Health> health() {
    Map<MetricScope, Health> health = new EnumMap<>(MetricScope.class);
    roles.forEach((role, source) -> health.put(role, source.get()));
    return health;
  }
}
