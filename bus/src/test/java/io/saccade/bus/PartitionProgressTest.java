package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.RecordState.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

@DisplayName("A partition's progress")
final class PartitionProgressTest {

  private static final int RECORDS = 60;
  private static final long GUILTY = 23;

  private final PartitionProgress progress = new PartitionProgress(CommitMetadata.NONE);

  @Test
  @DisplayName("has nothing to commit before the first record is finished")
  void nothingAtFirst() {
    assertThat(progress.commit()).isEmpty();
    assertThat(progress.notes()).isEmpty();

    take(40);

    assertThat(progress.commit()).isEmpty();
    assertThat(progress.notes()).isEmpty();
  }

  @Test
  @DisplayName("commits behind the last record when all are finished")
  void allFinished() {
    take(40, 41);
    progress.finish(40);
    progress.finish(41);

    assertThat(progress.commit()).contains(new OffsetAndMetadata(42));
    assertThat(progress.commit()).isEmpty();
  }

  @Test
  @DisplayName("holds back what is finished behind an unfinished record, and notes it")
  void unfinishedHoldsBack() {
    take(40, 41);
    progress.finish(41);

    assertThat(progress.commit()).isEmpty();
    assertThat(progress.notes()).contains(new OffsetAndMetadata(40, "saccade-1 -1 d1"));

    progress.finish(40);

    assertThat(progress.commit()).contains(new OffsetAndMetadata(42));
    assertThat(progress.notes()).contains(new OffsetAndMetadata(42, "saccade-1 -1 "));
    assertThat(progress.notes()).isEmpty();
  }

  @Test
  @DisplayName("passes over offsets that hold no record")
  void gaps() {
    take(40, 45);
    progress.finish(40);

    assertThat(progress.commit()).contains(new OffsetAndMetadata(45));
    assertThat(progress.ahead(45)).isZero();
  }

  @Test
  @DisplayName("ignores a record that is finished twice or was never taken")
  void repeatedFinish() {
    take(40);
    progress.finish(40);
    progress.finish(40);
    progress.finish(99);

    assertThat(progress.commit()).contains(new OffsetAndMetadata(41));
  }

  @Test
  @DisplayName("commits and notes again what a failed commit covered")
  void failedCommit() {
    take(40);
    progress.finish(40);
    Optional<OffsetAndMetadata> offset = progress.commit();
    Optional<OffsetAndMetadata> notes = progress.notes();

    progress.uncommit();

    assertThat(progress.commit()).isEqualTo(offset);
    assertThat(progress.notes()).isEqualTo(notes);
  }

  @Test
  @DisplayName("tells the next owner what was under way, and nothing of it once it was released")
  void notes() {
    take(40, 41);
    progress.begin(40);
    assertThat(progress.notes()).contains(new OffsetAndMetadata(40, "saccade-1 -1 b0"));

    progress.releaseAll();

    assertThat(progress.notes()).contains(new OffsetAndMetadata(40, "saccade-1 -1 "));
  }

  @Test
  @DisplayName("makes suspects of what the member before had begun, and counts trials alone only")
  void inherited() {
    PartitionProgress next =
        new PartitionProgress(CommitMetadata.read(-1, 40, "saccade-1 -1 b0,s1*1,a2*1,d3"));

    assertThat(next.take(39)).isEqualTo(RecordState.DONE);
    assertThat(next.take(40)).isEqualTo(new RecordState(State.SUSPECT, 0));
    assertThat(next.take(41)).isEqualTo(new RecordState(State.SUSPECT, 1));
    next.begin(40);
    assertThat(next.notes())
        .as("those not taken yet are not forgotten")
        .contains(new OffsetAndMetadata(40, "saccade-1 -1 a0,s1*1,s2*2,d3"));
    assertThat(next.take(42)).isEqualTo(new RecordState(State.SUSPECT, 2));
    assertThat(next.take(43)).isEqualTo(RecordState.DONE);
    assertThat(next.take(44)).isEqualTo(RecordState.FRESH);
  }

  @Test
  @DisplayName("knows of records that are done though the group's offset is before them")
  void behind() {
    PartitionProgress next = new PartitionProgress(CommitMetadata.read(40, 43, "saccade-1 40 "));

    next.take(40);
    next.take(41);

    assertThat(next.commit()).contains(new OffsetAndMetadata(42));
    assertThat(next.notes()).contains(new OffsetAndMetadata(42, "saccade-1 40 d0"));
  }

  /**
   * Members that take, begin and finish at random, and crash or leave at any point: with their
   * notes or without the last of them, as the group's commits may be, too.
   */
  @RepeatedTest(200)
  @DisplayName("loses no record and finds the guilty one, whenever members crash or leave")
  void survivesCrashes(RepetitionInfo repetition) {
    Partition partition = new Partition(new Random(repetition.getCurrentRepetition()));

    while (partition.finished.size() < RECORDS) {
      partition.member();
    }

    assertThat(partition.condemned).containsOnly(GUILTY);
    assertThat(partition.crashes).as("of the guilty one").isBetween(3, 4);
  }

  private void take(long... offsets) {
    for (long offset : offsets) {
      progress.take(offset);
    }
  }

  /** A partition with a guilty record, and what is durable of it. */
  private static final class Partition {

    private static final int MAX_CRASHES = 3;

    private final Random random;
    private final TreeSet<Long> finished = new TreeSet<>();
    private final TreeSet<Long> condemned = new TreeSet<>();
    private final Map<Long, RecordState> known = new HashMap<>();
    private OffsetAndMetadata offset = new OffsetAndMetadata(0);
    private OffsetAndMetadata notes = new OffsetAndMetadata(0, "");
    private int crashes;

    Partition(Random random) {
      this.random = random;
    }

    /** One member, until it ends. */
    void member() {
      PartitionProgress mine =
          new PartitionProgress(
              CommitMetadata.read(offset.offset(), notes.offset(), notes.metadata()));
      List<Long> waiting = new ArrayList<>();
      List<Long> underWay = new ArrayList<>();
      known.clear();
      long next = offset.offset();
      for (int step = 0; step < 40; step++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            if (next < RECORDS) {
              take(mine, next++, waiting);
            }
          }
          case 2 -> {
            if (!begin(mine, waiting, underWay)) {
              return;
            }
          }
          default -> finish(mine, underWay);
        }
        commit(mine);
      }
      if (random.nextBoolean()) { // it leaves in order, else it is lost without a crash
        mine.releaseAll();
        mine.notes().ifPresent(left -> notes = left);
      }
    }

    private void take(PartitionProgress mine, long record, List<Long> waiting) {
      RecordState note = mine.take(record);
      known.put(record, note);
      if (note.isDone()) {
        assertThat(finished).as("only what is finished counts as done").contains(record);
      } else if (note.isSuspect() && note.crashes() >= MAX_CRASHES) {
        condemned.add(record);
        finished.add(record);
        mine.finish(record);
      } else {
        waiting.add(record);
      }
    }

    /** Begins a record; whether the process lives. */
    private boolean begin(PartitionProgress mine, List<Long> waiting, List<Long> underWay) {
      if (waiting.isEmpty()) {
        return true;
      }
      long record = waiting.get(random.nextInt(waiting.size()));
      boolean suspect = known.get(record).isSuspect();
      boolean alone = underWay.stream().anyMatch(other -> known.get(other).isSuspect());
      if (alone || (suspect && !underWay.isEmpty())) {
        return true;
      }
      waiting.remove(record);
      underWay.add(record);
      mine.begin(record);
      notes = mine.notes().orElseThrow();
      if (record == GUILTY) {
        crashes++;
        return false;
      }
      return true;
    }

    private void finish(PartitionProgress mine, List<Long> underWay) {
      if (!underWay.isEmpty()) {
        long record = underWay.remove(random.nextInt(underWay.size()));
        finished.add(record);
        mine.finish(record);
      }
    }

    private void commit(PartitionProgress mine) {
      if (random.nextInt(3) == 0) {
        mine.notes().ifPresent(now -> notes = now);
      }
      if (random.nextInt(3) == 0) {
        mine.commit()
            .ifPresent(
                now -> {
                  assertThat(finished.headSet(now.offset())).hasSize((int) now.offset());
                  offset = now;
                  mine.acknowledged(now.offset());
                });
      }
    }
  }
}
