package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A record under way")
final class WorkTest {

  private final List<Work<Question>> finished = new ArrayList<>();
  private final Work<Question> work =
      new Work<>(
          Question.getDefaultInstance(),
          new TopicPartition("saccade.questions", 2),
          17,
          1_000,
          "",
          finished::add);

  @Test
  @DisplayName("is finished once, however often that is said")
  void finishedOnce() {
    work.done();
    work.done();

    assertThat(finished).containsExactly(work);
  }

  @Test
  @DisplayName("is as old as its timestamp says, never younger than nothing")
  void age() {
    assertThat(work.age(Instant.ofEpochMilli(1_500))).isEqualTo(Duration.ofMillis(500));
    assertThat(work.age(Instant.ofEpochMilli(900))).isZero();
  }

  @Test
  @DisplayName("may still be finished after it was cancelled")
  void cancelled() {
    work.cancel();
    work.done();

    assertThat(work.cancelled()).isTrue();
    assertThat(finished).hasSize(1);
    assertThat(work).hasToString("saccade.questions-2@17");
  }
}
