package io.saccade.bus;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The progress of the partitions that are ours: read when they come, written as it is made.
 * Confined to the loop's thread.
 *
 * <p>It is written in two ways. The group's offsets are committed when the group lets us: not while
 * it rebalances, which may last as long as a dead member's session. What must be durable before
 * work begins cannot wait for that. So the {@link CommitMetadata} is committed for a group of its
 * own, which has no members and never rebalances.
 */
final class Offsets {

  private static final Logger log = LoggerFactory.getLogger(Offsets.class);

  /** A broker that answers at all does so in milliseconds; one that does not is asked again. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Between commits that nobody waits for. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final String role;
  private final Consumer<?, ?> group;
  private final Consumer<?, ?> notes;
  private final Map<TopicPartition, PartitionProgress> progress = new HashMap<>();

  /** Ours, but what the member before left is not known yet. */
  private final Set<TopicPartition> unread = new HashSet<>();

  private long lastNotes = System.nanoTime();
  private long lastFailure = System.nanoTime() - PAUSE.toNanos();

  /**
   * Nothing is ours yet.
   *
   * @param group a member of the group
   * @param notes with the group of the notes, without partitions
   */
  Offsets(String role, Consumer<?, ?> group, Consumer<?, ?> notes) {
    this.role = role;
    this.group = group;
    this.notes = notes;
  }

  /** Partitions came. */
  void add(Collection<TopicPartition> partitions) {
    unread.addAll(partitions);
    read();
  }

  /** Partitions went. */
  void remove(Collection<TopicPartition> partitions) {
    partitions.forEach(progress::remove);
    partitions.forEach(unread::remove);
  }

  /** Reads what was left of partitions of which it is not known, if Kafka answers. */
  void read() {
    if (unread.isEmpty()) {
      return;
    }
    try {
      Map<TopicPartition, OffsetAndMetadata> positions = group.committed(unread, PATIENCE);
      notes
          .committed(unread, PATIENCE)
          .forEach((partition, left) -> open(partition, positions.get(partition), left));
      unread.removeAll(progress.keySet());
    } catch (KafkaException e) {
      log.warn("event=notes_unread role={} reason=\"{}\"", role, e.toString());
    }
  }

  private void open(TopicPartition partition, OffsetAndMetadata position, OffsetAndMetadata left) {
    CommitMetadata before =
        left == null
            ? CommitMetadata.NONE
            : CommitMetadata.read(
                position == null ? -1 : position.offset(), left.offset(), left.metadata());
    progress.put(partition, new PartitionProgress(before));
  }

  /** Ours, and it is not known yet what the member before left: nothing may be taken. */
  Set<TopicPartition> unread() {
    return unread;
  }

  /** The progress of a partition that is ours and known. */
  PartitionProgress of(TopicPartition partition) {
    return progress.get(partition);
  }

  /** Writes now and then what nobody waits for. */
  void commit() {
    long now = System.nanoTime();
    if (now - lastFailure >= PAUSE.toNanos()) {
      commitOffsets();
    }
    if (now - lastNotes >= PAUSE.toNanos()) {
      var unused = writeNotes();
    }
  }

  private void commitOffsets() {
    Map<TopicPartition, OffsetAndMetadata> due = due(progress.keySet(), PartitionProgress::commit);
    if (due.isEmpty()) {
      return;
    }
    group.commitAsync(
        due,
        (committed, failure) -> {
          if (failure == null) {
            acknowledged(committed);
          } else {
            failed(committed.keySet(), failure);
          }
        });
  }

  /** Writes the notes on all partitions; whether they are durable. */
  boolean writeNotes() {
    return writeNotes(List.copyOf(progress.keySet()));
  }

  private boolean writeNotes(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> due = due(partitions, PartitionProgress::notes);
    if (due.isEmpty()) {
      return true;
    }
    try {
      notes.commitSync(due, PATIENCE);
      lastNotes = System.nanoTime();
      return true;
    } catch (KafkaException e) {
      failed(due.keySet(), e);
      return false;
    }
  }

  /** Ends all work on some partitions, or on all: who comes next is told that nothing crashed. */
  void release(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      PartitionProgress p = progress.get(partition);
      if (p != null) {
        p.releaseAll();
      }
    }
    var unused = writeNotes(partitions);
    Map<TopicPartition, OffsetAndMetadata> due = due(partitions, PartitionProgress::commit);
    if (due.isEmpty()) {
      return;
    }
    try {
      group.commitSync(due, PATIENCE);
      acknowledged(due);
    } catch (KafkaException e) {
      // The group is on the move, perhaps without us; the notes say what is done.
      failed(due.keySet(), e);
    }
  }

  /** The same of all partitions. */
  void release() {
    release(List.copyOf(progress.keySet()));
  }

  private Map<TopicPartition, OffsetAndMetadata> due(
      Collection<TopicPartition> partitions,
      Function<PartitionProgress, Optional<OffsetAndMetadata>> what) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Optional.ofNullable(progress.get(partition))
          .flatMap(what)
          .ifPresent(offset -> offsets.put(partition, offset));
    }
    return offsets;
  }

  private void acknowledged(Map<TopicPartition, OffsetAndMetadata> committed) {
    committed.forEach(
        (partition, offset) ->
            Optional.ofNullable(progress.get(partition))
                .ifPresent(p -> p.acknowledged(offset.offset())));
  }

  /** What could not be committed is due again. */
  private void failed(Collection<TopicPartition> partitions, Exception failure) {
    if (failure instanceof RebalanceInProgressException) {
      log.debug("event=commit_put_off role={}", role);
    } else {
      log.warn("event=commit_failed role={} reason=\"{}\"", role, failure.toString());
    }
    lastFailure = System.nanoTime();
    for (TopicPartition partition : partitions) {
      Optional.ofNullable(progress.get(partition)).ifPresent(PartitionProgress::uncommit);
    }
  }
}
