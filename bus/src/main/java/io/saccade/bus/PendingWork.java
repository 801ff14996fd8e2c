package io.saccade.bus;

import static java.util.Comparator.comparingInt;
import static java.util.Comparator.comparingLong;

import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Work that was taken and not begun, in the order in which it is to be begun. Among those of the
 * same rank the keys take {@link FairTurns}. Confined to the loop's thread.
 */
final class PendingWork<V extends MessageLite> {

  /** The more harmless first: it is not to wait for the crashes of the others. */
  private final TreeSet<Entry<V>> suspects =
      new TreeSet<>(
          comparingInt((Entry<V> entry) -> entry.note().crashes())
              .thenComparingLong(Entry::number));

  private final TreeSet<Entry<V>> others =
      new TreeSet<>(
          comparingLong(Entry<V>::rank)
              .thenComparingDouble(Entry::turn)
              .thenComparingLong(Entry::number));

  private final FairTurns turns = new FairTurns();
  private long count;

  /**
   * Work that waits.
   *
   * @param rank whom it gives way to
   * @param key of its record, one of those that take turns
   * @param turn when it is to begin, among the turns of all keys
   * @param number its number in the order of arrival
   */
  record Entry<V extends MessageLite>(
      Work<V> work, RecordState note, long rank, String key, double turn, long number) {

    int bytes() {
      return work.message().getSerializedSize();
    }

    boolean yields() {
      return rank > 0;
    }
  }

  /** Makes an entry for what has just been taken, under its record's key. */
  Entry<V> entry(Work<V> work, RecordState note, long rank, String key) {
    return new Entry<>(work, note, rank, key, turns.next(key), count++);
  }

  /** Adds an entry, perhaps again. */
  void add(Entry<V> entry) {
    (entry.note().isSuspect() ? suspects : others).add(entry);
  }

  int size() {
    return suspects.size() + others.size();
  }

  boolean hasSuspects() {
    return !suspects.isEmpty();
  }

  /** Size of all messages, as records. */
  long bytes() {
    return Stream.concat(suspects.stream(), others.stream()).mapToLong(Entry::bytes).sum();
  }

  /** How many give way to nobody. */
  int pressing() {
    return (int) others.stream().filter(entry -> !entry.yields()).count() + suspects.size();
  }

  /** Takes out the suspect to be tried next; there must be one. */
  Entry<V> pollSuspect() {
    Entry<V> suspect = suspects.pollFirst();
    turns.begun(suspect.turn());
    return suspect;
  }

  /** Takes out others, in order, as long as there are places and for whom there may be one. */
  List<Entry<V>> poll(int places, Predicate<Entry<V>> eligible) {
    List<Entry<V>> chosen = new ArrayList<>();
    for (Entry<V> entry : others) {
      if (chosen.size() < places && eligible.test(entry)) {
        chosen.add(entry);
      }
    }
    chosen.forEach(others::remove);
    chosen.forEach(entry -> turns.begun(entry.turn()));
    return chosen;
  }

  /** Takes out what fits, of suspects and others; it does not begin. */
  void remove(Predicate<Entry<V>> which) {
    List<Entry<V>> gone = Stream.concat(suspects.stream(), others.stream()).filter(which).toList();
    gone.forEach(suspects::remove);
    gone.forEach(others::remove);
    gone.forEach(entry -> turns.left(entry.key()));
  }
}
