package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Question;
import io.saccade.router.RouterEvent;
import io.saccade.router.RouterLimits;
import io.saccade.router.rules.Failures;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Questions whose video, model, clip or result does not arrive. */
final class RouterWaitingTest extends RouterTest {

  @Test
  void questionWaitsForItsVideo() {
    router.model(Samples.model("m"));
    router.ask(Samples.question("v", "q"));
    assertThat(router.samplingRequests()).isEmpty();
    router.advance(Duration.ofSeconds(4));
    router.video(Samples.video("v"));
    assertThat(router.samplingRequests()).hasSize(1);
    router.advance(Duration.ofSeconds(4));
    assertThat(router.answers()).isEmpty();
  }

  @Test
  void questionWaitsForItsModel() {
    router.video(Samples.video("v"));
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(4));
    router.model(Samples.model("m"));
    assertThat(router.samplingRequests()).isEmpty();
    router.advance(Duration.ofMillis(100));
    assertThat(router.samplingRequests()).hasSize(1);
  }

  @Test
  void unknownVideoFailsAfterTheGrace() {
    router.model(Samples.model("m"));
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofMillis(4_900));
    assertThat(router.answers()).isEmpty();
    router.advance(Duration.ofMillis(100));
    assertFailed(FailureCode.VIDEO_UNKNOWN);
  }

  @Test
  void forgottenVideoIsUnknown() {
    announce();
    router.pipe(Topics.VIDEOS, "v", null);
    router.pipe(Topics.VIDEOS, null, null);
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(5));
    assertFailed(FailureCode.VIDEO_UNKNOWN);
  }

  @Test
  void unknownModelFailsAndNamesTheAnnounced() {
    announce();
    router.model(Samples.model("n"));
    router.ask(Samples.question("v", "q").toBuilder().setModel("x").build());
    router.advance(Duration.ofSeconds(5));
    assertThat(router.answer().getFailure())
        .isEqualTo(
            Failures.of(
                FailureCode.MODEL_UNKNOWN, "no model \"x\" is announced: name one of m, n"));
  }

  @Test
  void questionWithoutModelNeedsExactlyOneAnnounced() {
    announce();
    router.model(Samples.model("n"));
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(5));
    assertThat(router.answer().getFailure().getMessage())
        .isEqualTo("the question names no model: name one of m, n");
    router.pipe(Topics.MODELS, "m", null);
    assertThat(asked("q2").getClipId()).isNotEmpty();
  }

  @Test
  void noModelAtAllFails() {
    router.video(Samples.video("v"));
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(5));
    assertThat(router.answer().getFailure().getMessage()).endsWith("start a worker");
  }

  @Test
  void modelNamedAmongSeveralIsUsed() {
    announce();
    router.model(Samples.model("n"));
    router.ask(Samples.question("v", "q").toBuilder().setModel("n").build());
    router.sampled(Samples.manifest(router.samplingRequest(), 0));
    assertThat(router.inferenceRequest().getQuestion().getModel()).isEqualTo("n");
  }

  @Test
  void moreTokensThanTheModelGeneratesAreRefused() {
    announce();
    var question = Samples.question("v", "q").toBuilder();
    question.getOptionsBuilder().setMaxNewTokens(257);
    router.ask(question.build());
    assertFailed(FailureCode.QUESTION_INVALID);
  }

  @Test
  void deadlineHoldsWhileTheVideoIsUnknown() {
    router.ask(dueIn("q", Duration.ofSeconds(1)));
    router.advance(Duration.ofSeconds(1));
    assertOverdue("its video");
  }

  @Test
  void deadlineHoldsWhileTheModelIsUnknown() {
    router.video(Samples.video("v"));
    router.ask(dueIn("q", Duration.ofSeconds(1)));
    router.advance(Duration.ofSeconds(1));
    assertOverdue("its model");
  }

  @Test
  void deadlineHoldsWhileTheClipIsSampled() {
    announce();
    router.ask(dueIn("q", Duration.ofSeconds(30)));
    router.advance(Duration.ofSeconds(29));
    assertThat(router.answers()).isEmpty();
    router.advance(Duration.ofSeconds(1));
    assertOverdue("sampler");
  }

  @Test
  void defaultDeadlineHoldsWhileNoWorkerAnswers() {
    announce();
    InferenceRequest request = requested("q");
    router.advance(Duration.ofMinutes(10));
    assertOverdue("worker");
    router.inferred(Samples.result(request, "red"));
    assertThat(router.answers()).isEmpty();
    assertThat(router.counters.get(RouterEvent.LATE_RESULT)).isEqualTo(1);
  }

  @Test
  void farDeadlineIsCutToTheLongest() {
    announce();
    router.ask(dueIn("q", Duration.ofDays(3_000)));
    router.advance(RouterLimits.DEFAULT.longestTimeout());
    assertOverdue("sampler");
  }

  @Test
  void passedDeadlineIsRefusedAtOnce() {
    announce();
    router.ask(dueIn("q", Duration.ZERO));
    assertFailed(FailureCode.DEADLINE_EXCEEDED);
    assertThat(router.samplingRequests()).isEmpty();
  }

  private Question dueIn(String id, Duration timeout) {
    return Samples.question("v", id).toBuilder()
        .setDeadline(Times.proto(router.now().plus(timeout)))
        .build();
  }

  private void assertOverdue(String waitedFor) {
    Answer answer = router.answer();
    assertThat(answer.getFailure().getCode()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
    assertThat(answer.getFailure().getMessage()).contains(waitedFor);
  }
}
