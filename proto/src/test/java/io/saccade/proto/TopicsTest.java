package io.saccade.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.proto.Topic.Partitioning;
import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The topics")
final class TopicsTest {

  private static final int KAFKAS_LONGEST_NAME = 249;

  @Test
  @DisplayName("have distinct names that Kafka allows, with the longest prefix too")
  void namesAreLegal() {
    assertThat(Topics.ALL).extracting(Topic::name).doesNotHaveDuplicates();
    assertThat(Topics.ALL)
        .allSatisfy(
            topic -> {
              assertThat(topic.on(Topics.DEFAULT_PREFIX)).isEqualTo("saccade." + topic.name());
              assertThat(topic.name()).matches("[a-z-]+");
              assertThat(topic.on("p".repeat(100)).length()).isLessThan(KAFKAS_LONGEST_NAME);
            });
  }

  @Test
  @DisplayName("are found by name")
  void foundByName() {
    assertThat(Topics.ALL)
        .allSatisfy(topic -> assertThat(Topics.named(topic.name())).contains(topic));
    assertThat(Topics.named("nothing")).isEmpty();
  }

  @Test
  @DisplayName("that hold state are compacted and never expire; all others expire")
  void settings() {
    Map<String, String> compacted = Map.of("cleanup.policy", "compact");
    assertThat(Topics.MODELS.settings()).isEqualTo(compacted);
    List<Topic<?>> states = List.of(Topics.MODELS, Topics.VIDEOS, Topics.STANDING_QUESTIONS);
    assertThat(states).allSatisfy(topic -> assertThat(topic.settings()).isEqualTo(compacted));
    assertThat(Topics.ALL)
        .filteredOn(topic -> !states.contains(topic))
        .allSatisfy(
            topic ->
                assertThat(topic.settings())
                    .containsEntry("cleanup.policy", "delete")
                    .containsEntry("retention.ms", Long.toString(topic.retention().toMillis())))
        .extracting(Topic::retention)
        .allMatch(retention -> retention.compareTo(Duration.ZERO) > 0);
  }

  @Test
  @DisplayName("of a video's life are partitioned alike")
  void partitioning() {
    assertThat(Topics.ALL)
        .filteredOn(topic -> topic.partitioning() == Partitioning.SINGLE)
        .containsExactly(Topics.MODELS, Topics.STANDING_QUESTIONS, Topics.DEAD_LETTERS);
  }

  @Test
  @DisplayName("refuse to be made of nothing")
  void nullsAreRefused() {
    assertThatThrownBy(
            () ->
                new Topic<>(
                    "questions",
                    Question.parser(),
                    Question::getVideoId,
                    null,
                    Topic.Cleanup.DELETE,
                    Duration.ZERO))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("partitioning");
  }
}
