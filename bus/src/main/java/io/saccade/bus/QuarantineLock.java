package io.saccade.bus;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Who may work while a suspect is tried alone. A crash ends a process with all its loops, so they
 * share this: work that is under way in one of them is under way at the crash of another. May be
 * used from any thread.
 */
final class QuarantineLock {

  /** Of this process. */
  static final QuarantineLock PROCESS = new QuarantineLock();

  private final Set<Object> waiting = new HashSet<>();
  private int present;
  private boolean alone;

  /** Work under way, until closed; closing it again does nothing. */
  final class Stay implements AutoCloseable {

    private boolean over;

    private Stay() {}

    @Override
    public void close() {
      synchronized (QuarantineLock.this) {
        if (!over) {
          over = true;
          present--;
          alone = false;
        }
      }
    }
  }

  /** Begins work beside others, unless somebody is alone or waits to be. */
  synchronized Optional<Stay> enter() {
    return alone || !waiting.isEmpty() ? Optional.empty() : Optional.of(stay());
  }

  /**
   * Begins work that is alone until it ends, once nothing else is under way. Until then, or until
   * {@link #giveUp}, nothing else is begun.
   *
   * @param who waits, compared by identity
   */
  synchronized Optional<Stay> enterAlone(Object who) {
    if (present > 0) {
      waiting.add(who);
      return Optional.empty();
    }
    waiting.remove(who);
    alone = true;
    return Optional.of(stay());
  }

  /** Waits no longer to be alone. */
  synchronized void giveUp(Object who) {
    waiting.remove(who);
  }

  private Stay stay() {
    present++;
    return new Stay();
  }
}
