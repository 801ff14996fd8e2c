package io.saccade.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.Durations;
import io.saccade.bus.BusConfig;
import io.saccade.bus.ConfigException;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoReference;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is refused before it is sent; there is no broker to send it to. */
final class PublisherTest {

  private static final String EYE = "\uD83D\uDC41";

  private final Publisher publisher =
      Publisher.open(new BusConfig("localhost:1", "", Map.of("max.block.ms", "1")));

  @AfterEach
  void close() {
    publisher.close();
  }

  private static VideoReference.Builder video(String id) {
    return VideoReference.newBuilder().setVideoId(id).setUri("file:///v");
  }

  private static StandingQuestion.Builder standing(String id) {
    return StandingQuestion.newBuilder().setQuestionId(id).setVideoId("v").setText("Who?");
  }

  private static void assertRefused(ThrowingCallable publishing, String setting) {
    assertThatThrownBy(publishing)
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(setting + "=");
  }

  private static void assertTaken(CompletableFuture<?> sent) {
    assertThat(sent).failsWithin(Duration.ofSeconds(10));
    assertThatThrownBy(sent::join).hasCauseInstanceOf(IngestException.class);
  }

  @Test
  void charactersAreCodePoints() {
    assertTaken(publisher.publish(video(EYE.repeat(200)).build()));
    assertTaken(publisher.publish(standing(EYE.repeat(160)).build()));
    assertRefused(() -> publisher.publish(video(EYE.repeat(201)).build()), "video-id");
    assertRefused(() -> publisher.publish(standing(EYE.repeat(161)).build()), "question-id");
  }

  @Test
  void theNameAndTheValueOfALabelAreLimitedEach() {
    String most = "x".repeat(200);
    assertTaken(publisher.publish(video("v").putLabels(most, most).build()));
    assertRefused(() -> publisher.publish(video("v").putLabels("a", most + "x").build()), "label");
  }

  @Test
  void standingQuestionsOutsideTheContractAreRefused() {
    assertRefused(
        () -> publisher.publish(standing("s").setFreshness(Durations.fromMillis(99)).build()),
        "freshness");
    AlertRule.Builder rule = AlertRule.newBuilder().setMatches("yes");
    assertTaken(publisher.publish(standing("s").setAlert(rule).build()));
    rule.setHoldOff(Durations.fromSeconds(-1));
    assertRefused(() -> publisher.publish(standing("s").setAlert(rule).build()), "hold-off");
  }

  @Test
  void aQuestionCannotHaveAWindowsId() {
    Question question = Question.newBuilder().setVideoId("v").setText("Who?").build();
    String id = "s#" + "0123456789abcdef".repeat(2);
    assertRefused(
        () -> publisher.publish(question.toBuilder().setQuestionId(id).build()), "question-id");
  }

  @Test
  void whatIsForgottenOrCancelledHasAnId() {
    assertRefused(() -> publisher.forget(""), "video-id");
    assertRefused(() -> publisher.cancel(" "), "question-id");
    assertRefused(() -> publisher.cancel("s".repeat(201)), "question-id");
    assertTaken(publisher.forget("v"));
    assertTaken(publisher.cancel("s"));
  }
}
