package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.RecordState.State;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What a member leaves to the next owner of a partition")
final class CommitMetadataTest {

  private static final List<State> WRITTEN =
      List.of(State.BEGUN, State.SUSPECT, State.ALONE, State.DONE);
  private static final RecordState BEGUN = new RecordState(State.BEGUN, 0);
  private static final RecordState SUSPECT = new RecordState(State.SUSPECT, 2);
  private static final RecordState ALONE = new RecordState(State.ALONE, 1);

  private final TreeMap<Long, RecordState> notes = new TreeMap<>();

  @Test
  @DisplayName("reads as people would write it")
  void metadata() {
    for (long offset = 100; offset < 108; offset++) {
      notes.put(offset, BEGUN);
    }
    notes.put(108L, RecordState.FRESH);
    notes.put(109L, RecordState.DONE);
    notes.put(112L, SUSPECT);
    notes.put(113L, ALONE);

    assertThat(new CommitMetadata(90, 100, notes).metadata())
        .isEqualTo("saccade-1 90 b0-7,d9,s12*2,a13*1");
  }

  @Test
  @DisplayName("says nothing of records between two that are noted alike")
  void gaps() {
    notes.put(100L, RecordState.DONE);
    notes.put(102L, RecordState.DONE);

    CommitMetadata read =
        CommitMetadata.read(-1, 100, new CommitMetadata(-1, 100, notes).metadata());

    assertThat(read.note(101)).isEqualTo(RecordState.FRESH);
    assertThat(read.note(102)).isEqualTo(RecordState.DONE);
  }

  @Test
  @DisplayName("says that everything before its base is done")
  void beforeBase() {
    CommitMetadata read = CommitMetadata.read(50, 100, "saccade-1 50 ");

    assertThat(read.note(99)).isEqualTo(RecordState.DONE);
    assertThat(read.note(100)).isEqualTo(RecordState.FRESH);
  }

  @Test
  @DisplayName("does not count where somebody has reset the group to have records done again")
  void reset() {
    assertThat(CommitMetadata.read(49, 100, "saccade-1 50 d1")).isEqualTo(CommitMetadata.NONE);
    assertThat(CommitMetadata.read(-1, 100, "saccade-1 50 d1")).isEqualTo(CommitMetadata.NONE);
    assertThat(CommitMetadata.read(50, 100, "saccade-1 50 d1")).isNotEqualTo(CommitMetadata.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "somebody else's",
        "saccade-2 0 b0",
        "saccade-1 b0",
        "saccade-1 0 x0",
        "saccade-1 0 b",
        "saccade-1 0 b0,",
        "saccade-1 0 b5-1",
        "saccade-1 0 b5,b5",
        "saccade-1 0 b0-9,d3",
        "saccade-1 0 b99999",
        "saccade-1 0 s1*12",
        "saccade-1 99999999999999999999 b0"
      })
  @DisplayName("is nothing where it is foreign or damaged")
  void unreadable(String metadata) {
    assertThat(CommitMetadata.read(7, 7, metadata)).isEqualTo(CommitMetadata.NONE);
  }

  @Test
  @DisplayName("is nothing where it is longer than Kafka allows")
  void tooLong() {
    assertThat(CommitMetadata.read(7, 7, "saccade-1 0 b0" + ",b9".repeat(2_000)))
        .isEqualTo(CommitMetadata.NONE);
  }

  @Test
  @DisplayName("leaves out what is done before what is under way")
  void bounded() {
    for (long offset = 0; offset < 2_000; offset += 2) {
      notes.put(offset, RecordState.DONE);
      notes.put(offset + 1, offset < 1_000 ? BEGUN : RecordState.FRESH);
    }

    String metadata = new CommitMetadata(-1, 0, notes).metadata();

    assertThat(metadata).hasSizeLessThanOrEqualTo(CommitMetadata.MAX_LENGTH);
    CommitMetadata read = CommitMetadata.read(-1, 0, metadata);
    assertThat(read.notes().values().stream().filter(BEGUN::equals)).hasSize(500);
    assertThat(read.note(0)).isEqualTo(RecordState.DONE);
    assertThat(read.note(1_998)).isEqualTo(RecordState.FRESH);
  }

  @RepeatedTest(50)
  @DisplayName("is read as it was written")
  void roundTrip(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    long base = random.nextInt(1_000_000);
    for (long offset = base; notes.size() < random.nextInt(200); offset += 1 + random.nextInt(3)) {
      State state = WRITTEN.get(random.nextInt(WRITTEN.size()));
      boolean tried = state == State.SUSPECT || state == State.ALONE;
      notes.put(offset, new RecordState(state, tried ? random.nextInt(10) : 0));
    }
    CommitMetadata written = new CommitMetadata(base - 1, base, notes);

    assertThat(CommitMetadata.read(base, base, written.metadata())).isEqualTo(written);
  }
}
