package io.saccade.cli;

import io.saccade.bus.Role;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command has started, stopped in reverse order: when the command ends, when one of its
 * roles cannot go on, or when the process is told to end (SIGTERM, SIGINT). After a signal and a
 * clean stop the process ends with exit code 0.
 *
 * <pre>{@code
 * try (Running running = new Running()) {
 *   running.add(EmbeddedBroker.start(config));
 *   running.start(new QuestionRouter(router));
 *   running.await();
 * }
 * }</pre>
 */
final class Running implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Running.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Thread onSignal = new Thread(this::stopAndHalt, "stop");
  private boolean clean = true;

  /** Begins to listen for signals. */
  Running() {
    Runtime.getRuntime().addShutdownHook(onSignal);
  }

  /** Takes over a part that is running already. */
  synchronized <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /** Takes over a role and starts it; {@link #await} ends when it does. */
  <R extends Role> R start(R role) {
    add(role);
    role.start();
    role.stopped()
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                end.complete(null);
              } else {
                end.completeExceptionally(failure);
              }
            });
    return role;
  }

  /**
   * Waits until a role has stopped; a signal ends the process instead.
   *
   * @throws ExecutionException with the reason why a role could not go on
   * @throws InterruptedException if the thread is interrupted
   */
  void await() throws ExecutionException, InterruptedException {
    end.get();
  }

  /**
   * Makes sure that nothing has stopped, for a command that waits for something else.
   *
   * @throws ExecutionException with the reason why a role could not go on
   * @throws InterruptedException if the thread is interrupted
   */
  void requireUp() throws ExecutionException, InterruptedException {
    if (end.isDone()) {
      end.get();
    }
  }

  /** Stops everything in reverse order; a part that fails to stop does not keep the others up. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      log.debug("event=close_after_signal");
    }
    stop();
  }

  private synchronized void stop() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) { // close() declares no less
        clean = false;
        String name = part.getClass().getSimpleName();
        log.error("event=stop_failed part={} reason=\"{}\"", name, e.toString());
        log.debug("event=stop_failed part={}", name, e);
      }
    }
  }

  /**
   * Runs on the way out of the JVM, whose exit code would be 143 or 130 whatever happens here; only
   * halting sets another.
   */
  private void stopAndHalt() {
    stop();
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(clean ? Main.OK : Main.FAILED);
  }
}
