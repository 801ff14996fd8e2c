package io.saccade.bus;

import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * One partition's records under way, and what may be committed: the offset of the first unfinished
 * record, with notes on those behind it. Confined to the loop's thread.
 */
final class PartitionProgress {

  /** Records taken, from the first unfinished one on. */
  private final TreeMap<Long, RecordState> taken = new TreeMap<>();

  /** What the member before said of records that have not been taken yet. */
  private final CommitMetadata before;

  private long committable = -1;
  private long committed = -1;
  private long acknowledged;
  private long next = -1;
  private boolean noted = true;

  /** A partition of which the member before said this. */
  PartitionProgress(CommitMetadata before) {
    this.before = before;
    this.acknowledged = before.committed();
  }

  /** Takes a record, of which each comes once and in order, and says what is known of it. */
  RecordState take(long offset) {
    RecordState note = before.note(offset).inherited();
    taken.put(offset, note);
    next = offset + 1;
    if (committable < 0) {
      committable = offset;
      committed = offset;
    }
    if (note.isDone()) {
      advance();
    }
    return note;
  }

  /** Notes that work on a record begins. */
  void begin(long offset) {
    replace(offset, taken.get(offset).begun());
  }

  /** Notes that work on a record has not begun, or ends without a crash. */
  void release(long offset) {
    replace(offset, taken.get(offset).released());
  }

  /** The same of all records under way. */
  void releaseAll() {
    taken.replaceAll((offset, note) -> note.released());
    noted = false;
  }

  void finish(long offset) {
    if (taken.containsKey(offset)) {
      replace(offset, RecordState.DONE);
      advance();
    }
  }

  private void replace(long offset, RecordState note) {
    taken.put(offset, note);
    noted = false;
  }

  private void advance() {
    while (!taken.isEmpty() && taken.firstEntry().getValue().isDone()) {
      taken.pollFirstEntry();
      noted = false;
    }
    // Offsets between records (transaction markers, compacted ones) are no work.
    committable = taken.isEmpty() ? next : taken.firstKey();
  }

  /** Offsets from the first unfinished record to this one. */
  long ahead(long offset) {
    return offset - committable;
  }

  /** Offsets from the first unfinished record to the end of what was taken. */
  long ahead() {
    return next - committable;
  }

  /** The offset that is to be committed, if any; it counts as committed from now on. */
  Optional<OffsetAndMetadata> commit() {
    if (committable <= committed) {
      return Optional.empty();
    }
    committed = committable;
    return Optional.of(new OffsetAndMetadata(committable));
  }

  /** A commit of the group's offset succeeded. */
  void acknowledged(long offset) {
    acknowledged = Math.max(acknowledged, offset);
  }

  /** What is to be noted, if anything; it counts as noted from now on. */
  Optional<OffsetAndMetadata> notes() {
    if (noted || committable < 0) {
      return Optional.empty();
    }
    noted = true;
    TreeMap<Long, RecordState> notes = new TreeMap<>();
    for (long offset = next; offset < before.base() && near(offset); offset++) {
      notes.put(offset, RecordState.DONE);
    }
    before
        .notes()
        .tailMap(next, true)
        .forEach((offset, note) -> notes.put(offset, note.inherited()));
    notes.putAll(taken);
    String metadata = new CommitMetadata(acknowledged, committable, notes).metadata();
    return Optional.of(new OffsetAndMetadata(committable, metadata));
  }

  private boolean near(long offset) {
    return offset - committable <= CommitMetadata.MAX_DISTANCE;
  }

  /** A commit failed: what it covered is to be committed, and noted, again. */
  void uncommit() {
    committed = -1;
    noted = false;
  }
}
