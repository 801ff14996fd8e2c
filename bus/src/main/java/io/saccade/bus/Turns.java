package io.saccade.bus;

import java.util.HashMap;
import java.util.Map;

/**
 * In whose turn work is to begin, so that a key with much of it holds up no other: start-time fair
 * queuing (Goyal, Vin and Cheng, 1996) with work of equal length. Confined to one thread.
 */
public final class Turns {

  /** The turn of the last work of each key; of one that is over it makes no difference. */
  private final Map<String, Long> last = new HashMap<>();

  /** The highest turn that was begun. */
  private long now;

  /** Nobody has had a turn. */
  public Turns() {}

  /** The turn of new work of a key: the one that is on, or the one after the key's last. */
  public long next(String key) {
    long next = Math.max(now, last.getOrDefault(key, now - 1) + 1);
    last.put(key, next);
    return next;
  }

  /** Work of this turn begins. */
  public void begun(long turn) {
    if (turn > now) {
      now = turn;
      last.values().removeIf(other -> other < turn);
    }
  }
}
