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
public final class Roster {

  private static final Health EXPECTED = Health.starting("not started");

  private final Map<Owner, Supplier<Health>> roles = new ConcurrentHashMap<>();

  /** Roles that will come. */
  public void expect(Owner... expected) {
    for (Owner role : expected) {
      roles.putIfAbsent(role, () -> EXPECTED);
    }
  }

  /** A role that has come, or come again. */
  public void add(Owner role, Supplier<Health> health) {
    roles.put(role, health);
  }

  /** How each role is now, in the order of {@link Owner}. */
  public Map<Owner, Health> health() {
    Map<Owner, Health> health = new EnumMap<>(Owner.class);
    roles.forEach((role, source) -> health.put(role, source.get()));
    return health;
  }
}
