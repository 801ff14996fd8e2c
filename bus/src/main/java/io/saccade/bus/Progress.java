package io.saccade.bus;

import java.util.TreeMap;

/**
 * One partition's records under way, and the offset that may be committed: that of the first
 * unfinished record. Confined to the loop's thread.
 */
final class Progress {

  /** Offset of each record taken, true once finished; finished ones at the front are removed. */
  private final TreeMap<Long, Boolean> taken = new TreeMap<>();

  private long committable = -1;
  private long committed = -1;

  void start(long offset) {
    taken.put(offset, false);
    if (committable < 0) {
      committable = offset;
      committed = offset;
    }
  }

  void finish(long offset) {
    taken.replace(offset, true);
    while (!taken.isEmpty() && taken.firstEntry().getValue()) {
      committable = taken.pollFirstEntry().getKey() + 1;
    }
    if (!taken.isEmpty()) {
      // Offsets between records (transaction markers, compacted ones) are no work: the next record
      // is next.
      committable = taken.firstKey();
    }
  }

  boolean mayCommit() {
    return committable > committed;
  }

  /** The offset to commit; it counts as committed from now on. */
  long commit() {
    committed = committable;
    return committable;
  }

  /** A commit failed: what it covered is to be committed again. */
  void uncommit(long from) {
    committed = Math.min(committed, from);
  }
}
