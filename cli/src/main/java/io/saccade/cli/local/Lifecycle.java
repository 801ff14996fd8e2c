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
 * Owns the parts that a command has started and closes them in reverse order: when the command
 * ends, when one of its roles fails, or when the process gets SIGTERM or SIGINT.
 *
 * <pre>{@code
 * try (Lifecycle lifecycle = new Lifecycle(telemetry)) {
 *   lifecycle.add(EmbeddedBroker.start(config));
 *   lifecycle.start(MetricScope.ROUTER, new QuestionRouter(router, lifecycle.telemetry()));
 *   lifecycle.await();
 * }
 * }</pre>
 *
 * <p>A shutdown hook closes the parts on a signal. Adding and closing exclude each other: a part
 * that is being opened when the signal arrives is closed, too. Safe for use by several threads.
 */
public final class Lifecycle implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private final Telemetry telemetry;
  private final boolean untilStopped;
  private final RoleHealth health = new RoleHealth();
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Thread onSignal = new Thread(this::stopAndHalt, "stop");
  private boolean clean = true;

  /** For a command that ends by itself: after a signal the exit code is {@link ExitCode#FAILED}. */
  public Lifecycle() {
    this(Telemetry.none(), false);
  }

  /**
   * For a command that stays up until a signal: after it and a clean stop the exit code is {@link
   * ExitCode#OK}.
   *
   * @param telemetry of the roles
   */
  public Lifecycle(Telemetry telemetry) {
    this(telemetry, true);
  }

  private Lifecycle(Telemetry telemetry, boolean untilStopped) {
    this.telemetry = telemetry;
    this.untilStopped = untilStopped;
    Runtime.getRuntime().addShutdownHook(onSignal);
  }

  /** The telemetry that the command's roles report to. */
  public Telemetry telemetry() {
    return telemetry;
  }

  /** The health of the roles that were started by name. */
  public RoleHealth health() {
    return health;
  }

  /** Takes ownership of a part that is running already. */
  public synchronized <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  /**
   * Starts a part and takes ownership of it. The stop after a signal waits until {@code start}
   * returns, so it must return within seconds.
   */
  public synchronized <T extends AutoCloseable> T open(Supplier<T> start) {
    return add(start.get());
  }

  /**
   * Creates a temporary folder, which is deleted after everything that is added later is closed.
   */
  public Path folder() {
    return open(TemporaryFolder::create).path();
  }

  /**
   * Takes ownership of a role, starts it, and adds its health to that of the process.
   *
   * @param name of the role in {@link #health()}
   */
  public <R extends Role> R start(MetricScope name, R role) {
    health.add(name, role::health);
    return start(role);
  }

  /** Takes ownership of a role and starts it; when it stops, {@link #await} returns. */
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
   * Waits until a role has stopped. A signal ends the process without a return.
   *
   * @throws ExecutionException if a role has failed, with the reason
   * @throws InterruptedException if the thread is interrupted
   */
  public void await() throws ExecutionException, InterruptedException {
    end.get();
  }

  /**
   * Checks that no role has failed, for a command that waits for something else.
   *
   * @throws ExecutionException if a role has failed, with the reason
   * @throws InterruptedException if the thread is interrupted
   */
  void requireNoFailure() throws ExecutionException, InterruptedException {
    if (end.isDone()) {
      end.get();
    }
  }

  /** Closes all parts in reverse order. If one of them fails to close, the others are closed. */
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
      } catch (Exception e) { // AutoCloseable.close() may throw any
        clean = false;
        String name = part.getClass().getSimpleName();
        log.error("event=stop_failed part={} reason=\"{}\"", name, e.toString(), e);
      }
    }
  }

  /**
   * Runs as shutdown hook after a signal. The JVM would end with exit code 143 or 130; only halting
   * sets another. The lock is held to the end, so that no part can be added any more.
   */
  private synchronized void stopAndHalt() {
    stop();
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(clean && untilStopped ? ExitCode.OK : ExitCode.FAILED);
  }
}
