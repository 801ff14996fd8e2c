package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

@DisplayName("A partition's progress")
final class ProgressTest {

  private static final int STEPS = 400;

  private final Progress progress = new Progress();

  @Test
  @DisplayName("has nothing to commit before the first record is finished")
  void nothingAtFirst() {
    assertThat(progress.mayCommit()).isFalse();

    progress.start(40);

    assertThat(progress.mayCommit()).isFalse();
  }

  @Test
  @DisplayName("commits behind the last record when all are finished")
  void allFinished() {
    progress.start(40);
    progress.start(41);
    progress.finish(40);
    progress.finish(41);

    assertThat(progress.commit()).isEqualTo(42);
    assertThat(progress.mayCommit()).isFalse();
  }

  @Test
  @DisplayName("holds back what is finished behind an unfinished record")
  void unfinishedHoldsBack() {
    progress.start(40);
    progress.start(41);
    progress.finish(41);

    assertThat(progress.mayCommit()).isFalse();

    progress.finish(40);

    assertThat(progress.commit()).isEqualTo(42);
  }

  @Test
  @DisplayName("passes over offsets that hold no record")
  void gaps() {
    progress.start(40);
    progress.start(45);
    progress.finish(40);

    assertThat(progress.commit()).isEqualTo(45);
  }

  @Test
  @DisplayName("ignores a record that is finished twice or was never taken")
  void repeatedFinish() {
    progress.start(40);
    progress.finish(40);
    progress.finish(40);
    progress.finish(99);

    assertThat(progress.commit()).isEqualTo(41);
  }

  @Test
  @DisplayName("commits again what a failed commit covered")
  void failedCommit() {
    progress.start(40);
    progress.finish(40);
    long offset = progress.commit();

    progress.uncommit(offset - 1);

    assertThat(progress.mayCommit()).isTrue();
    assertThat(progress.commit()).isEqualTo(offset);
  }

  @RepeatedTest(50)
  @DisplayName("is what a plain list of records says, in any order of finishing")
  void agreesWithReference(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<Long> taken = new ArrayList<>();
    List<Long> unfinished = new ArrayList<>();
    long next = random.nextInt(1_000);
    long committed = next;
    for (int step = 0; step < STEPS; step++) {
      if (unfinished.isEmpty() || random.nextInt(100) < 45) {
        next += random.nextInt(10) == 0 ? random.nextInt(5) : 0;
        progress.start(next);
        taken.add(next);
        unfinished.add(next);
        next++;
      } else {
        progress.finish(unfinished.remove(random.nextInt(unfinished.size())));
      }
      if (random.nextInt(4) == 0 && progress.mayCommit()) {
        long offset = progress.commit();

        assertThat(offset).isGreaterThan(committed);
        assertNothingIsSkipped(offset, taken, unfinished);
        committed = offset;
      }
    }
    unfinished.forEach(progress::finish);

    assertThat(progress.mayCommit() ? progress.commit() : committed).isEqualTo(next);
  }

  /** All records before the offset are finished, and it is not before the first unfinished one. */
  private static void assertNothingIsSkipped(long offset, List<Long> taken, List<Long> unfinished) {
    assertThat(unfinished).allMatch(open -> open >= offset);
    long first = unfinished.stream().min(Long::compare).orElse(taken.get(taken.size() - 1) + 1);
    assertThat(taken).noneMatch(record -> record >= offset && record < first);
  }
}
