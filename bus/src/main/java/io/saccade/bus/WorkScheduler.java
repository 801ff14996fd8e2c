package io.saccade.bus;

import com.google.protobuf.MessageLite;
import io.saccade.bus.PendingWork.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins work that was taken, as there are places; what is suspected of a crash, alone. That it
 * begins is noted durably before. Confined to the loop's thread.
 */
final class WorkScheduler<V extends MessageLite> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WorkScheduler.class);

  /** Of messages that wait to be begun, beyond which no more are taken. */
  private static final long WAITING_BYTES = 32 << 20;

  private final WorkLoop.Options options;
  private final WorkHandler<V> handler;
  private final Offsets offsets;
  private final QuarantineLock solitude;
  private final PendingWork<V> waiting = new PendingWork<>();
  private final Map<Work<V>, Entry<V>> underWay = new HashMap<>();

  /** Of work that has not ended, also where its partition has moved: it may crash us yet. */
  private final Map<Work<V>, QuarantineLock.Stay> stays = new HashMap<>();

  WorkScheduler(
      WorkLoop.Options options, WorkHandler<V> handler, Offsets offsets, QuarantineLock solitude) {
    this.options = options;
    this.handler = handler;
    this.offsets = offsets;
    this.solitude = solitude;
  }

  /** Takes in a record that was taken. */
  void add(Work<V> work, RecordState note, String key) {
    if (note.isSuspect() && note.crashes() >= options.maxCrashes()) {
      log.error(
          "event=condemned role={} record={} crashes={}", options.role(), work, note.crashes());
      adopt(work);
      handler.condemned(work);
    } else {
      waiting.add(waiting.entry(work, note, handler.rank(work.message()), key));
    }
  }

  /** Takes in work that harms nobody, and that somebody else does. */
  void adopt(Work<V> work) {
    underWay.put(work, new Entry<>(work, RecordState.FRESH, 0, "", 0, 0)); // it never waits
  }

  /** Begins what may begin. */
  void begin() {
    if (waiting.hasSuspects()) {
      tryAlone();
    } else {
      beginOthers();
    }
  }

  private void tryAlone() {
    Optional<QuarantineLock.Stay> stay = solitude.enterAlone(this);
    if (stay.isPresent()) {
      Entry<V> suspect = waiting.pollSuspect();
      log.info(
          "event=tried_alone role={} record={} crashes={}",
          options.role(),
          suspect.work(),
          suspect.note().crashes());
      begin(List.of(suspect), List.of(stay.get()));
    }
  }

  private void beginOthers() {
    solitude.giveUp(this);
    List<Entry<V>> chosen = choose();
    List<QuarantineLock.Stay> entered = new ArrayList<>();
    while (entered.size() < chosen.size()) {
      Optional<QuarantineLock.Stay> stay = solitude.enter();
      if (stay.isEmpty()) { // another loop of this process tries a suspect
        entered.forEach(QuarantineLock.Stay::close);
        chosen.forEach(waiting::add);
        return;
      }
      entered.add(stay.get());
    }
    begin(chosen, entered);
  }

  /** In order, those for whom there is a place and that are not too far ahead. */
  private List<Entry<V>> choose() {
    int places = options.maxUnderWay() - underWay.size();
    long yielding = underWay.values().stream().filter(Entry::yields).count();
    int[] yieldingPlaces = {(int) (Math.max(1, options.maxUnderWay() / 2) - yielding)};
    return waiting.poll(
        places,
        entry -> {
          Work<V> work = entry.work();
          boolean near = offsets.of(work.partition()).ahead(work.offset()) < options.maxAhead();
          return near && (!entry.yields() || yieldingPlaces[0]-- > 0);
        });
  }

  /** Begins what is durably noted, else nothing. */
  private void begin(List<Entry<V>> entries, List<QuarantineLock.Stay> entered) {
    if (entries.isEmpty()) {
      return;
    }
    entries.forEach(entry -> progress(entry).begin(entry.work().offset()));
    boolean durable = offsets.writeNotes();
    for (int i = 0; i < entries.size(); i++) {
      Entry<V> entry = entries.get(i);
      if (durable) {
        stays.put(entry.work(), entered.get(i));
        underWay.put(entry.work(), entry);
      } else {
        progress(entry).release(entry.work().offset());
        entered.get(i).close();
        waiting.add(entry);
      }
    }
    if (durable) {
      entries.forEach(entry -> handler.begin(entry.work()));
    }
  }

  private PartitionProgress progress(Entry<V> entry) {
    return offsets.of(entry.work().partition());
  }

  /** Work has ended; whether its partition is still ours. */
  boolean end(Work<V> work) {
    QuarantineLock.Stay stay = stays.remove(work);
    if (stay != null) {
      stay.close();
    }
    return underWay.remove(work) != null;
  }

  /** Begun and not ended. */
  Set<Work<V>> underWay() {
    return underWay.keySet();
  }

  /** How many are begun or wait to be. */
  int taken() {
    return underWay.size() + waiting.size();
  }

  /** Whether there is nothing to do, now or soon. */
  boolean isIdle() {
    return taken() == 0;
  }

  /**
   * Whether as much waits as may. It is more than there are places: what waits here can be
   * overtaken by records of other keys, what is in the log cannot.
   */
  boolean isFull() {
    return waiting.pressing() >= options.maxAhead() || waiting.bytes() >= WAITING_BYTES;
  }

  /** Partitions went: what was begun ends as it ends, what was not is the new owner's. */
  void move(Collection<TopicPartition> partitions) {
    waiting.remove(entry -> partitions.contains(entry.work().partition()));
    underWay.keySet().stream()
        .filter(work -> partitions.contains(work.partition()))
        .toList()
        .forEach(
            work -> {
              work.move();
              underWay.remove(work);
            });
  }

  /** Cancels what is under way, forgets what is not. */
  void cancel() {
    waiting.remove(entry -> true);
    underWay.keySet().forEach(Work::cancel);
  }

  /** The loop is over: whatever is still under way, nobody here waits for it. */
  @Override
  public void close() {
    solitude.giveUp(this);
    stays.values().forEach(QuarantineLock.Stay::close);
    stays.clear();
  }
}
