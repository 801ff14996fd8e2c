package io.saccade.bus;

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

  /**
   * Takes no new work, finishes what is under way within the configured grace, and stops.
   * Idempotent.
   */
  @Override
  void close();
}
