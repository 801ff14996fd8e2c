package io.saccade.chaos;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process of the service with a fixed command line. It is started again when it ends by itself,
 * as a supervisor would. Thread-safe.
 */
final class Node implements AutoCloseable {

  private static final Duration EXIT_TIMEOUT = Duration.ofSeconds(30);

  private final Part part;
  private final String name;
  private final Installation installation;
  private final List<String> args;
  private final File log;
  private final Events events;

  private @Nullable Process process;
  private boolean closed;

  /** Set while a failure of the process is in progress, so that no second one begins. */
  private boolean reserved;

  /**
   * Describes a process; {@link #start} starts it.
   *
   * @param args its command line
   * @param events notified when it ended by itself and was started again
   */
  Node(
      Part part,
      String name,
      Installation installation,
      List<String> args,
      Path logs,
      Events events) {
    this.part = part;
    this.name = name;
    this.installation = installation;
    this.args = args;
    this.log = logs.resolve(name + ".log").toFile();
    this.events = events;
  }

  Part part() {
    return part;
  }

  String name() {
    return name;
  }

  /** Reserves the node for a failure; false if it is reserved or closed. */
  synchronized boolean reserve() {
    boolean free = isFree();
    reserved |= free;
    return free;
  }

  /** Whether the node can be reserved. */
  synchronized boolean isFree() {
    return !reserved && !closed;
  }

  /** Ends the reservation. */
  synchronized void release() {
    reserved = false;
  }

  /** Starts the process, unless the node is closed. */
  synchronized void start() {
    if (closed) {
      return;
    }
    try {
      Process started = installation.start(part.heapMib(), args, log);
      process = started;
      var unused = started.onExit().thenAccept(this::onExit);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be started: " + e.getMessage(), e);
    }
  }

  /** Starts the process again if it ended by itself. */
  private void onExit(Process exited) {
    Instant now = Instant.now();
    synchronized (this) {
      if (exited != process || closed) {
        return; // killed, terminated or closed
      }
      try {
        start();
      } catch (UncheckedIOException e) {
        events.problem(String.valueOf(e.getMessage()));
        return;
      }
    }
    events.ended(new Failure(FailureKind.EXIT, part, name, now, Instant.now()));
  }

  /** Sends SIGKILL and waits for the end of the process. */
  void kill() throws InterruptedException {
    Process detached = detach();
    if (detached != null) {
      detached.destroyForcibly();
      detached.waitFor();
    }
  }

  /**
   * Sends SIGTERM and waits for the end of the process, which is killed if it takes longer than 30
   * s.
   *
   * @return whether it ended without being killed
   */
  boolean terminate() throws InterruptedException {
    Process detached = detach();
    if (detached == null) {
      return true;
    }
    detached.destroy();
    boolean ended = detached.waitFor(EXIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    detached.destroyForcibly();
    detached.waitFor();
    return ended;
  }

  /** Sends SIGSTOP; false if there is no process. */
  boolean freeze() throws InterruptedException {
    return signal("STOP");
  }

  /** Sends SIGCONT; false if there is no process. */
  boolean thaw() throws InterruptedException {
    return signal("CONT");
  }

  /** Returns the process and no longer watches for its end. */
  private synchronized @Nullable Process detach() {
    Process detached = process;
    process = null;
    return detached;
  }

  private boolean signal(String signal) throws InterruptedException {
    long pid;
    synchronized (this) {
      if (process == null) {
        return false;
      }
      pid = process.pid();
    }
    try {
      // The shell's builtin kill, because there may be no program of that name.
      return new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start().waitFor() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the process, also a frozen one, and starts it no more. */
  @Override
  public void close() {
    @Nullable Process detached;
    synchronized (this) {
      closed = true;
      detached = detach();
    }
    if (detached != null) {
      detached.destroyForcibly();
      try {
        detached.waitFor(EXIT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
