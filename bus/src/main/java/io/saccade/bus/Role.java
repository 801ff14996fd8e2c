package io.saccade.bus;

import io.saccade.telemetry.Health;
import java.util.concurrent.CompletionStage;

/** A long-running part of the service: started once, drained and stopped by {@link #close}. */
public interface Role extends AutoCloseable {

  /** Starts the role's threads and returns. */
  void start();

  /**
   * Completes when the role has stopped: normally after {@link #close}, exceptionally when it could
   * not go on.
   */
  CompletionStage<Void> stopped();

  /** How it is; answers at once, from any thread. By itself a role is ready until it stops. */
  default Health health() {
    return Health.until(stopped(), () -> Health.ready("running"));
  }

  /**
   * Takes no new work, finishes what is under way within the configured grace, and stops.
   * Idempotent.
   */
  @Override
  void close();
}
