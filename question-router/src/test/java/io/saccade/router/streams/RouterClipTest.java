package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.router.RouterEvent;
import io.saccade.router.RouterLimits;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clips that cannot be sampled, are sampled late, or lose their frames. */
final class RouterClipTest extends RouterTest {

  @Test
  void failedSamplingFailsAllWaitingQuestionsAndIsForgotten() {
    announce();
    SamplingRequest sampling = asked("q1");
    router.ask(Samples.question("v", "q2"));
    router.sampled(Samples.failedManifest(sampling, FailureCode.VIDEO_CORRUPT));
    assertThat(router.answers())
        .extracting(answer -> answer.getFailure().getCode())
        .containsExactly(FailureCode.VIDEO_CORRUPT, FailureCode.VIDEO_CORRUPT);
    assertThat(asked("q3").getClipId()).isEqualTo(sampling.getClipId());
  }

  @Test
  void failureOfAClipWithoutQuestionIsIgnored() {
    announce();
    SamplingRequest sampling = asked("q1");
    router.sampled(Samples.failedManifest(sampling, FailureCode.VIDEO_CORRUPT));
    router.answer();
    router.sampled(Samples.failedManifest(sampling, FailureCode.VIDEO_CORRUPT));
    assertThat(router.answers()).isEmpty();
    assertThat(router.deadLetters()).isEmpty();
  }

  @Test
  void manifestOfAClipWithoutQuestionIsUsedLater() {
    announce();
    SamplingRequest sampling = asked("q1");
    router.sampled(Samples.failedManifest(sampling, FailureCode.SAMPLING_FAILED));
    router.answer();
    router.sampled(Samples.manifest(sampling, 7));
    assertThat(router.inferenceRequests()).isEmpty();
    router.ask(Samples.question("v", "q2"));
    assertThat(router.inferenceRequest().getClip().getFrames(0).getOffset()).isEqualTo(7);
  }

  @Test
  void samplingIsAskedAgainOnlyAfterItsTimeout() {
    announce();
    router.ask(longQuestion("q1"));
    assertThat(router.samplingRequest().getAttempt()).isEqualTo(1);
    router.advance(Duration.ofMinutes(9));
    router.ask(longQuestion("q2"));
    assertThat(router.samplingRequests()).isEmpty();
    router.advance(Duration.ofMinutes(1));
    router.ask(longQuestion("q3"));
    SamplingRequest second = router.samplingRequest();
    assertThat(second.getAttempt()).isEqualTo(2);
    router.sampled(Samples.manifest(second.toBuilder().setAttempt(1).build(), 0));
    assertThat(router.inferenceRequests()).hasSize(3);
  }

  private Question longQuestion(String id) {
    return Samples.question("v", id).toBuilder()
        .setDeadline(Times.proto(router.now().plus(Duration.ofHours(2))))
        .build();
  }

  @Test
  void oldClipIsSampledAgain() {
    announce();
    SamplingRequest first = asked("q1");
    router.sampled(Samples.manifest(first, 0));
    router.inferred(Samples.result(router.inferenceRequest(), "red"));
    router.advance(RouterLimits.DEFAULT.clipRetention());
    assertThat(asked("q2").getClipId()).isEqualTo(first.getClipId());
    assertThat(router.inferenceRequests()).isEmpty();
  }

  @Test
  void expiredFramesAreSampledAgainOnce() {
    announce();
    InferenceRequest first = requested("q");
    router.inferred(Samples.failedResult(first, FailureCode.FRAMES_EXPIRED));
    assertThat(router.answers()).isEmpty();
    SamplingRequest again = router.samplingRequest();
    assertThat(again.getAttempt()).isEqualTo(2);
    router.sampled(Samples.manifest(again, 900));
    InferenceRequest second = router.inferenceRequest();
    assertThat(second.getAttempt()).isEqualTo(2);
    assertThat(second.getClip().getFrames(0).getOffset()).isEqualTo(900);
    router.inferred(Samples.failedResult(first, FailureCode.FRAMES_EXPIRED));
    assertThat(router.counters.get(RouterEvent.LATE_RESULT)).isEqualTo(1);
    assertThat(router.answers()).isEmpty();
    router.inferred(Samples.failedResult(second, FailureCode.FRAMES_EXPIRED));
    assertFailed(FailureCode.FRAMES_EXPIRED);
    assertThat(router.samplingRequests()).isEmpty();
  }

  @Test
  void expiryOfAnAttemptThatIsParkedIsIgnored() {
    announce();
    InferenceRequest first = requested("q");
    router.inferred(Samples.failedResult(first, FailureCode.FRAMES_EXPIRED));
    router.inferred(
        Samples.failedResult(first, FailureCode.FRAMES_EXPIRED).toBuilder().setAttempt(2).build());
    assertThat(router.samplingRequests()).hasSize(1);
    assertThat(router.answers()).isEmpty();
  }

  @Test
  void questionsOnTheSameExpiredClipShareTheNewOne() {
    announce();
    InferenceRequest first = requested("q1");
    router.ask(Samples.question("v", "q2"));
    InferenceRequest second = router.inferenceRequest();
    router.inferred(Samples.failedResult(first, FailureCode.FRAMES_EXPIRED));
    SamplingRequest again = router.samplingRequest();
    // One more question waits while the clip is sampled, the other is asked afterwards.
    router.sampled(Samples.manifest(again, 900));
    assertThat(router.inferenceRequests()).hasSize(1);
    router.inferred(Samples.failedResult(second, FailureCode.FRAMES_EXPIRED));
    assertThat(router.samplingRequests()).isEmpty();
    assertThat(router.inferenceRequest().getClip().getFrames(0).getOffset()).isEqualTo(900);
  }

  @Test
  void manifestWhoseFramesAreLostIsNotTakenAgain() {
    announce();
    SamplingRequest sampling = asked("q");
    router.sampled(Samples.manifest(sampling, 100));
    InferenceRequest first = router.inferenceRequest();
    router.inferred(Samples.failedResult(first, FailureCode.FRAMES_EXPIRED));
    router.sampled(Samples.manifest(sampling, 100));
    router.sampled(Samples.failedManifest(sampling, FailureCode.SAMPLING_FAILED));
    assertThat(router.inferenceRequests()).isEmpty();
    assertThat(router.answers()).isEmpty();
    assertThat(router.counters.get(RouterEvent.MANIFEST_DROPPED)).isEqualTo(2);
  }

  @Test
  void answerOfTheFirstAttemptStillCounts() {
    announce();
    InferenceRequest first = requested("q");
    router.inferred(Samples.failedResult(first, FailureCode.FRAMES_EXPIRED));
    router.inferred(Samples.result(first, "red"));
    assertThat(router.answer().getText()).isEqualTo("red");
  }

  @Test
  void failedResultIsTheAnswer() {
    announce();
    router.inferred(Samples.failedResult(requested("q"), FailureCode.INFERENCE_FAILED));
    assertFailed(FailureCode.INFERENCE_FAILED);
  }

  @Test
  void bothQuestionsWhoseFramesExpiredAtOnceShareTheNewSampling() {
    announce();
    InferenceRequest first = requested("q1");
    router.ask(Samples.question("v", "q2"));
    InferenceRequest second = router.inferenceRequest();
    router.inferred(Samples.failedResult(first, FailureCode.FRAMES_EXPIRED));
    router.inferred(Samples.failedResult(second, FailureCode.FRAMES_EXPIRED));
    SamplingRequest again = router.samplingRequest();
    assertThat(again.getAttempt()).isEqualTo(2);
    router.sampled(Samples.manifest(again, 900));
    assertThat(router.inferenceRequests())
        .extracting(InferenceRequest::getAttempt)
        .containsExactly(2, 2);
  }

  @Test
  void passingFailureIsTriedAgainAfterPausesThatDouble() {
    announce();
    SamplingRequest first = asked("q1");
    router.ask(Samples.question("v", "q2"));
    failForNow(first);
    assertThat(router.answers()).isEmpty();
    router.ask(Samples.question("v", "q3"));
    router.advance(Duration.ofMillis(900));
    assertThat(router.samplingRequests()).isEmpty();
    router.advance(Duration.ofMillis(100));
    SamplingRequest second = router.samplingRequest();
    assertThat(second.getAttempt()).isEqualTo(2);
    failForNow(second);
    router.advance(Duration.ofMillis(1_900));
    assertThat(router.samplingRequests()).isEmpty();
    router.advance(Duration.ofMillis(100));
    SamplingRequest third = router.samplingRequest();
    assertThat(third.getAttempt()).isEqualTo(3);
    router.sampled(Samples.manifest(third, 700));
    assertThat(router.inferenceRequests()).hasSize(3);
    assertThat(router.counters.get(RouterEvent.SAMPLING_PUT_OFF)).isEqualTo(2);
  }

  @Test
  void passingFailureThatDoesNotPassIsTheAnswer() {
    announce();
    failForNow(asked("q1"));
    router.advance(Duration.ofSeconds(1));
    failForNow(router.samplingRequest());
    router.advance(Duration.ofSeconds(2));
    failForNow(router.samplingRequest());
    assertThat(router.size("clip-states")).isZero();
    assertFailed(FailureCode.VIDEO_UNREADABLE);
    router.advance(Duration.ofMinutes(1));
    assertThat(router.samplingRequests()).isEmpty();
    assertThat(asked("q2").getAttempt()).isEqualTo(1);
  }

  @Test
  void questionsDueBeforeTheNextAttemptFail() {
    announce();
    Question hasty =
        Samples.question("v", "hasty").toBuilder()
            .setDeadline(Times.proto(router.now().plusMillis(500)))
            .build();
    router.ask(hasty);
    SamplingRequest sampling = router.samplingRequest();
    router.ask(Samples.question("v", "patient"));
    failForNow(sampling);
    assertThat(router.answer().getQuestionId()).isEqualTo("hasty");
    router.advance(Duration.ofSeconds(1));
    assertThat(router.samplingRequests()).hasSize(1);
  }

  @Test
  void passingFailureWithoutQuestionLeavesNoState() {
    announce();
    router.ask(
        Samples.question("v", "q").toBuilder()
            .setDeadline(Times.proto(router.now().plusMillis(500)))
            .build());
    failForNow(router.samplingRequest());
    assertFailed(FailureCode.VIDEO_UNREADABLE);
    assertThat(router.size("clip-states")).isZero();
  }

  @Test
  void aRepeatOfAPassingFailureIsDropped() {
    announce();
    SamplingRequest first = asked("q");
    failForNow(first);
    failForNow(first);
    router.advance(Duration.ofSeconds(1));
    SamplingRequest second = router.samplingRequest();
    failForNow(first);
    router.advance(Duration.ofMinutes(1));
    assertThat(router.samplingRequests()).isEmpty();
    router.sampled(Samples.manifest(second, 700));
    assertThat(router.inferenceRequests()).hasSize(1);
    assertThat(router.counters.get(RouterEvent.MANIFEST_DROPPED)).isEqualTo(2);
  }

  private void failForNow(SamplingRequest request) {
    ClipManifest failed = Samples.failedManifest(request, FailureCode.VIDEO_UNREADABLE);
    router.sampled(
        failed.toBuilder().setFailure(failed.getFailure().toBuilder().setPassing(true)).build());
  }
}
