package io.saccade.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.AnswerChunk;
import org.junit.jupiter.api.Test;

class StreamedTest {

  private final StreamedAnswer streamed = new StreamedAnswer();

  @Test
  void piecesAreTheAnswersBeginning() {
    assertThat(streamed.isEmpty()).isTrue();
    assertThat(take(1, "a", 0, "a red ")).isEqualTo("a red ");
    assertThat(take(1, "a", 1, "car")).isEqualTo("car");
    assertThat(streamed.isEmpty()).isFalse();
    assertThat(streamed.rest("a red car, parked")).isEqualTo(", parked");
    assertThat(streamed.rest("a red car")).isEmpty();
  }

  @Test
  void withoutPiecesTheAnswerIsTheRest() {
    assertThat(streamed.rest("white")).isEqualTo("white");
  }

  @Test
  void whatComesAfterAGapIsLeftToTheAnswer() {
    take(1, "a", 0, "one ");

    assertThat(take(1, "a", 2, "three ")).isEmpty();
    assertThat(take(1, "a", 3, "four")).isEmpty();
    assertThat(streamed.rest("one two three four")).isEqualTo("two three four");
  }

  @Test
  void anotherWorkerBeginsAnewAndTheFirstIsNotHeardAnyMore() {
    take(1, "a", 0, "one ");

    assertThat(take(1, "b", 0, "one two")).isEqualTo("\none two");
    assertThat(take(1, "a", 1, "two ")).isEmpty();
    assertThat(streamed.rest("one two three")).isEqualTo(" three");
  }

  @Test
  void aLowerAttemptIsOver() {
    take(2, "a", 0, "second");

    assertThat(take(1, "b", 0, "first")).isEmpty();
    assertThat(streamed.rest("second")).isEmpty();
  }

  @Test
  void anAnswerThatSaysSomethingElseStandsOnItsOwnLine() {
    take(1, "a", 0, "one");

    assertThat(streamed.rest("two")).isEqualTo("\ntwo");
  }

  private String take(int attempt, String worker, int sequence, String text) {
    return streamed.add(
        AnswerChunk.newBuilder()
            .setAttempt(attempt)
            .setWorker(worker)
            .setSequence(sequence)
            .setText(text)
            .build());
  }
}
