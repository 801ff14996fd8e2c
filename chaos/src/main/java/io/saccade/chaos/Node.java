package io.saccade.chaos;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
  private final Events events;

  private Process process;
  private boolean closed;

  /** Whoever makes the process fail has the node to himself until it is back. */
  private boolean taken;

  /**
   * Describes a process; {@link #start} starts it.
   *
   * @param args its command line
   * @param events told when it ended by itself and was started again
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
    Instant now = Instant.now();
    synchronized (this) {
      if (gone != process || closed) {
        return; // somebody's doing
      }
      try {
        start();
      } catch (UncheckedIOException e) {
        events.trouble(e.getMessage());
        return;
      }
    }
    events.ended(new Failure(FailureKind.EXIT, part, name, now, Instant.now()));
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() throws InterruptedException {
    Process victim = disown();
    if (victim != null) {
      victim.destroyForcibly();
      victim.waitFor();
    }
  }

  /**
   * SIGTERM; returns when the process is gone.
   *
   * @return whether it went by itself, and had not to be killed because it took too long
   */
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

  /** SIGSTOP; whether there was a process to stop. */
  boolean freeze() throws InterruptedException {
    return signal("STOP");
  }

  /** SIGCONT; whether there was a process to continue. */
  boolean thaw() throws InterruptedException {
    return signal("CONT");
  }

  private synchronized Process disown() {
    Process victim = process;
    process = null;
    return victim;
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
      // The shell's own kill: there may be no program of that name.
      return new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid).start().waitFor() == 0;
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
