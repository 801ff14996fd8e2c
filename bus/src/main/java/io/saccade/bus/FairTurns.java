package io.saccade.bus;

import java.util.HashMap;
import java.util.Map;

/**
 * In whose turn work is to begin, so that a key with much of it holds up no other, and other keys
 * hold it up no more than their share: fair queuing by start tags (Goyal, Vin and Cheng, 1996), all
 * work of the same length. Virtual time moves on as fast as each active key is served (Demers,
 * Keshav and Shenker, 1989), also where new keys come all the time. Confined to one thread.
 */
public final class FairTurns {

  /** When the last work of each active key ends, in turns; of others it makes no difference. */
  private final Map<String, Double> ends = new HashMap<>();

  /** The time, in turns: each active key begins one in each. */
  private double now;

  /** Nobody has had a turn. */
  public FairTurns() {}

  /** When new work of a key is to begin: now, or when the key's last has ended. */
  public double next(String key) {
    double begin = Math.max(now, ends.getOrDefault(key, now));
    ends.put(key, begin + 1);
    return begin;
  }

  /** Work that was to begin then begins. */
  public void begun(double turn) {
    // One key alone counts as two: what comes next is not to wait for its next work, too.
    now = Math.max(now, turn) + 1.0 / Math.max(2, ends.size());
    ends.values().removeIf(end -> end <= now);
  }

  /** Work of a key leaves without having begun. */
  public void left(String key) {
    ends.computeIfPresent(key, (its, end) -> end - 1 > now ? end - 1 : null);
  }

  /** Keys that had work lately. */
  int active() {
    return ends.size();
  }
}
