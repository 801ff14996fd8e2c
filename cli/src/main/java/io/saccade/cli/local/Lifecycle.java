package io.saccade.cli.local;

import io.saccade.bus.Role;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.RoleHealth;
import io.saccade.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command has started, stopped in reverse order: when the command ends, when one of its
 * roles cannot go on, or when the process is told to end (SIGTERM, SIGINT).
 *
 * <pre>{@code
 * try (Running running = new Running(telemetry)) {
 *   running.add(EmbeddedBroker.start(config));
 *   running.start(Owner.ROUTER, new QuestionRouter(router, running.telemetry()));
 *   running.await();
 * }
 * }</pre>
 */
public final class Lifecycle implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private final Telemetry telemetry;
  private final boolean untilStopped;
  private final RoleHealth roster = new RoleHealth();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Thread onSignal = new Thread(this::stopAndHalt, "stop");
  private boolean clean = true;

  /** For a command that comes to an end: after a signal its exit code says that it did not. */
  public Lifecycle() {
    this(Telemetry.none(), false);
  }

  /**
   * For a command that stays up until a signal: after a clean stop its exit code is 0.
   *
   * @param telemetry what the roles are to report to
   */
  public Lifecycle(Telemetry telemetry) {
    this(telemetry, true);
  }

  private Lifecycle(Telemetry telemetry, boolean untilStopped) {
    this.telemetry = telemetry;
    this.untilStopped = untilStopped;
    Runtime.getRuntime().addShutdownHook(onSignal);
  }

  /** What the roles report to. */
  public Telemetry telemetry() {
    return telemetry;
  }

  /** How the roles are. */
  public RoleHealth roster() {
    return roster;
  }

  /** Takes over a part that is running already. */
  public synchronized <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /**
   * Starts a part and takes it over. A signal meanwhile waits for the start, so that it stops what
   * was started, too: for what starts within seconds.
   */
  public synchronized <T extends AutoCloseable> T open(Supplier<T> start) {
    return add(start.get());
  }

  /** A temporary folder, which goes after everything that is added later. */
  public Path folder() {
    return open(TemporaryFolder::create).path();
  }

  /** The same with a role whose health counts for the process's. */
  public <R extends Role> R start(MetricScope name, R role) {
    roster.add(name, role::health);
    return start(role);
  }

  /** Takes over a role and starts it; {@link #await} ends when it does. */
  public <R extends Role> R start(R role) {
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
  public void await() throws ExecutionException, InterruptedException {
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
   * halting sets another. Nothing can be added any more: the lock is held to the end.
   */
  private synchronized void stopAndHalt() {
    stop();
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(clean && untilStopped ? ExitCode.OK : ExitCode.FAILED);
  }
}
