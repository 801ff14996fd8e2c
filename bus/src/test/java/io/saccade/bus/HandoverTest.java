package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.Note.State;
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
final class HandoverTest {

  private static final List<State> WRITTEN =
      List.of(State.BEGUN, State.SUSPECT, State.ALONE, State.DONE);
  private static final Note BEGUN = new Note(State.BEGUN, 0);
  private static final Note SUSPECT = new Note(State.SUSPECT, 2);
  private static final Note ALONE = new Note(State.ALONE, 1);

  private final TreeMap<Long, Note> notes = new TreeMap<>();

  @Test
  @DisplayName("reads as people would write it")
  void metadata() {
    for (long offset = 100; offset < 108; offset++) {
      notes.put(offset, BEGUN);
    }
    notes.put(108L, Note.FRESH);
    notes.put(109L, Note.DONE);
    notes.put(112L, SUSPECT);
    notes.put(113L, ALONE);

    assertThat(new Handover(90, 100, notes).metadata())
        .isEqualTo("saccade-1 90 b0-7,d9,s12*2,a13*1");
  }

  @Test
  @DisplayName("says nothing of records between two that are noted alike")
  void gaps() {
    notes.put(100L, Note.DONE);
    notes.put(102L, Note.DONE);

    Handover read = Handover.read(-1, 100, new Handover(-1, 100, notes).metadata());

    assertThat(read.note(101)).isEqualTo(Note.FRESH);
    assertThat(read.note(102)).isEqualTo(Note.DONE);
  }

  @Test
  @DisplayName("says that everything before its base is done")
  void beforeBase() {
    Handover read = Handover.read(50, 100, "saccade-1 50 ");

    assertThat(read.note(99)).isEqualTo(Note.DONE);
    assertThat(read.note(100)).isEqualTo(Note.FRESH);
  }

  @Test
  @DisplayName("does not count where somebody has reset the group to have records done again")
  void reset() {
    assertThat(Handover.read(49, 100, "saccade-1 50 d1")).isEqualTo(Handover.NONE);
    assertThat(Handover.read(-1, 100, "saccade-1 50 d1")).isEqualTo(Handover.NONE);
    assertThat(Handover.read(50, 100, "saccade-1 50 d1")).isNotEqualTo(Handover.NONE);
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
    assertThat(Handover.read(7, 7, metadata)).isEqualTo(Handover.NONE);
  }

  @Test
  @DisplayName("is nothing where it is longer than Kafka allows")
  void tooLong() {
    assertThat(Handover.read(7, 7, "saccade-1 0 b0" + ",b9".repeat(2_000)))
        .isEqualTo(Handover.NONE);
  }

  @Test
  @DisplayName("leaves out what is done before what is under way")
  void bounded() {
    for (long offset = 0; offset < 2_000; offset += 2) {
      notes.put(offset, Note.DONE);
      notes.put(offset + 1, offset < 1_000 ? BEGUN : Note.FRESH);
    }

    String metadata = new Handover(-1, 0, notes).metadata();

    assertThat(metadata).hasSizeLessThanOrEqualTo(Handover.MAX_LENGTH);
    Handover read = Handover.read(-1, 0, metadata);
    assertThat(read.notes().values().stream().filter(BEGUN::equals)).hasSize(500);
    assertThat(read.note(0)).isEqualTo(Note.DONE);
    assertThat(read.note(1_998)).isEqualTo(Note.FRESH);
  }

  @RepeatedTest(50)
  @DisplayName("is read as it was written")
  void roundTrip(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    long base = random.nextInt(1_000_000);
    for (long offset = base; notes.size() < random.nextInt(200); offset += 1 + random.nextInt(3)) {
      State state = WRITTEN.get(random.nextInt(WRITTEN.size()));
      boolean tried = state == State.SUSPECT || state == State.ALONE;
      notes.put(offset, new Note(state, tried ? random.nextInt(10) : 0));
    }
    Handover written = new Handover(base - 1, base, notes);

    assertThat(Handover.read(base, base, written.metadata())).isEqualTo(written);
  }
}
