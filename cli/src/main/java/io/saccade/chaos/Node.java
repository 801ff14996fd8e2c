package io.saccade.chaos;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A place of the service: a process that is started again whenever it has ended, as an operator's
 * supervisor would. Thread-safe.
 */
final class Node implements AutoCloseable {

  private static final Duration DEATH = Duration.ofSeconds(30);

  private final Part part;
  private final String name;
  private final Installation installation;
  private final List<String> args;
  private final File log;
  private final Consumer<Failure> onExit;

  private Process process;
  private boolean closed;

  /** Whoever makes the process fail has the node to himself until it is back. */
  private boolean taken;

  /**
   * Describes a process; {@link #start} starts it.
   *
   * @param args its command line
   * @param onExit told when it ended by itself and was started again
   */
  Node(
      Part part,
      String name,
      Installation installation,
      List<String> args,
      Path logs,
      Consumer<Failure> onExit) {
    this.part = part;
    this.name = name;
    this.installation = installation;
    this.args = args;
    this.log = logs.resolve(name + ".log").toFile();
    this.onExit = onExit;
  }

  Part part() {
    return part;
  }

  String name() {
    return name;
  }

  /** Takes the node for a failure, if nobody has. */
  synchronized boolean take() {
    boolean free = !taken && !closed;
    taken |= free;
    return free;
  }

  synchronized boolean isFree() {
    return !taken && !closed;
  }

  synchronized void giveBack() {
    taken = false;
  }

  /** Starts the process, unless the node is closed. */
  synchronized void start() {
    if (closed) {
      return;
    }
    try {
      Process started = installation.start(part.heapMib(), args, log);
      process = started;
      var unused = started.onExit().thenAccept(this::ended);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be started", e);
    }
  }

  /** Starts again what ended without having been told to. */
  private void ended(Process gone) {
    synchronized (this) {
      if (gone != process || closed) {
        return; // somebody's doing
      }
      process = null;
    }
    Instant now = Instant.now();
    start();
    onExit.accept(new Failure(FailureKind.EXIT, part, name, now, Instant.now()));
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() throws InterruptedException {
    Process victim = disown();
    if (victim != null) {
      victim.destroyForcibly();
      victim.waitFor();
    }
  }

  /** SIGTERM; returns when the process is gone, which is killed if it takes too long. */
  boolean terminate() throws InterruptedException {
    Process victim = disown();
    if (victim == null) {
      return true;
    }
    victim.destroy();
    boolean ended = victim.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS);
    victim.destroyForcibly();
    victim.waitFor();
    return ended;
  }

  /** SIGSTOP. */
  void freeze() throws InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void thaw() throws InterruptedException {
    signal("CONT");
  }

  private synchronized Process disown() {
    Process victim = process;
    process = null;
    return victim;
  }

  private void signal(String signal) throws InterruptedException {
    long pid;
    synchronized (this) {
      if (process == null) {
        return;
      }
      pid = process.pid();
    }
    try {
      // The shell's own kill: there may be no program of that name.
      new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the process, frozen or not, for good. */
  @Override
  public void close() {
    Process victim;
    synchronized (this) {
      closed = true;
      victim = disown();
    }
    if (victim != null) {
      victim.destroyForcibly();
      try {
        victim.waitFor(DEATH.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
