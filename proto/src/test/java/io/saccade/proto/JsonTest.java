package io.saccade.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.TimeRange;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A message as JSON")
final class JsonTest {

  @Test
  @DisplayName("is one line in the names and forms of protobuf's mapping")
  void oneLine() {
    Question question =
        Question.newBuilder()
            .setQuestionId("q")
            .setText("one\ntwo")
            .setRange(TimeRange.newBuilder().setFrom(Duration.newBuilder().setNanos(500_000_000)))
            .build();

    String line = Json.line(question);

    assertThat(line)
        .isEqualTo("{\"questionId\":\"q\",\"text\":\"one\\ntwo\",\"range\":{\"from\":\"0.500s\"}}");
    assertThat(Json.parse(line, Question.newBuilder()).build()).isEqualTo(question);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"noSuchField\": 1}",
        "{\"text\": {}}",
        "{\"frames\": -1}",
        "{\"range\": {\"from\": \"soon\"}}"
      })
  @DisplayName("is refused with a reason when it is none of this message")
  void refused(String json) {
    assertThatThrownBy(() -> Json.parse(json, Question.newBuilder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("(?s).+");
  }

  @Test
  @DisplayName("does not exist for a duration out of range")
  void hostileDuration() {
    TimeRange range =
        TimeRange.newBuilder().setFrom(Duration.newBuilder().setSeconds(Long.MAX_VALUE)).build();

    assertThatThrownBy(() -> Json.line(range)).isInstanceOf(IllegalArgumentException.class);
  }
}
