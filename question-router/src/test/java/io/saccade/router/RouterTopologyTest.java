package io.saccade.router;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.VideoKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A question's way through the router, without and with everything that can go wrong on it. */
final class RouterTopologyTest {

  private RouterHarness router;

  @BeforeEach
  void open(@TempDir Path stateDir) {
    router = new RouterHarness(stateDir, RouterLimits.DEFAULT);
  }

  @AfterEach
  void close() {
    router.close();
  }

  private void announce() {
    router.model(Samples.model("m"));
    router.video(Samples.video("v"));
  }

  private SamplingRequest asked(String questionId) {
    router.ask(Samples.question("v", questionId));
    return router.samplingRequest();
  }

  private InferenceRequest requested(String questionId) {
    router.sampled(Samples.manifest(asked(questionId), 100));
    return router.inferenceRequest();
  }

  private void assertFailed(FailureCode code) {
    Answer answer = router.answer();
    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.FAILED);
    assertThat(answer.getFailure().getCode()).isEqualTo(code);
    assertThat(answer.getText()).isEmpty();
  }

  // The straight way.

  @Test
  void firstQuestionHasItsClipSampledAndIsAnswered() {
    announce();
    SamplingRequest sampling = asked("q");
    assertThat(sampling.getClipId()).matches("[0-9a-f]{32}");
    assertThat(sampling.getUri()).isEqualTo("file:///clips/v");
    assertThat(sampling.getProfile()).isEqualTo(Samples.model("m").getProfile());
    assertThat(sampling.getAttempt()).isEqualTo(1);
    assertThat(sampling.hasRange()).isFalse();

    router.advance(Duration.ofMillis(300));
    router.sampled(Samples.manifest(sampling, 100));
    InferenceRequest request = router.inferenceRequest();
    assertThat(request.getQuestion().getModel()).isEqualTo("m");
    assertThat(request.getQuestion().getText()).isEqualTo("Which colour is the ball?");
    assertThat(request.getClip()).isEqualTo(Samples.manifest(sampling, 100));
    assertThat(request.getAttempt()).isEqualTo(1);

    router.advance(Duration.ofMillis(500));
    router.inferred(Samples.result(request, "red"));
    Answer answer = router.answer();
    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.OK);
    assertThat(answer.getText()).isEqualTo("red");
    assertThat(answer.hasFailure()).isFalse();
    assertThat(answer.getQuestion()).isEqualTo("Which colour is the ball?");
    assertThat(answer.getModel()).isEqualTo("m");
    assertThat(answer.getClipId()).isEqualTo(sampling.getClipId());
    assertThat(answer.getClip().getFrames()).isEqualTo(Samples.FRAMES);
    assertThat(answer.getClip().getLast()).isEqualTo(Durations.fromMillis(1_200));
    assertThat(answer.getUsage().getPromptTokens()).isEqualTo(12);
    assertThat(answer.getTimings().getRouting()).isEqualTo(Durations.fromMillis(300));
    assertThat(answer.getTimings().getSampling()).isEqualTo(Durations.fromMillis(70));
    assertThat(answer.getTimings().getFramePublish()).isEqualTo(Durations.fromMillis(30));
    assertThat(answer.getTimings().getPrefill()).isEqualTo(Durations.fromMillis(5));
    assertThat(answer.getTimings().getTotal()).isEqualTo(Durations.fromMillis(800));
    assertThat(answer.getAnsweredAt()).isEqualTo(Times.proto(router.now()));
  }

  @Test
  void outputsAreKeyedByVideoAndStampedWithTheClock() {
    announce();
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(3));
    var record = router.records(Topics.SAMPLING_REQUESTS).get(0);
    assertThat(record.key()).isEqualTo("v");
    assertThat(record.getRecordTime()).isEqualTo(RouterHarness.START);
  }

  @Test
  void laterQuestionOnASampledClipGoesToTheWorkersAtOnce() {
    announce();
    requested("q1");
    router.ask(Samples.question("v", "q2"));
    assertThat(router.samplingRequests()).isEmpty();
    router.inferred(Samples.result(router.inferenceRequest(), "blue"));
    Answer answer = router.answer();
    assertThat(answer.getText()).isEqualTo("blue");
    assertThat(answer.getTimings().hasSampling()).isFalse();
    assertThat(answer.getTimings().hasFramePublish()).isFalse();
  }

  @Test
  void samplingStartsOnceHoweverManyQuestionsWait() {
    announce();
    SamplingRequest sampling = asked("q1");
    router.ask(Samples.question("v", "q2"));
    router.ask(Samples.question("v", "q3"));
    assertThat(router.samplingRequests()).isEmpty();
    router.sampled(Samples.manifest(sampling, 100));
    assertThat(router.inferenceRequests())
        .extracting(request -> request.getQuestion().getQuestionId())
        .containsExactly("q1", "q2", "q3");
  }

  @Test
  void rangeAndFramesOfTheQuestionMakeAnotherClip() {
    announce();
    SamplingRequest whole = asked("q1");
    TimeRange range = TimeRange.newBuilder().setFrom(Durations.fromSeconds(12)).build();
    router.ask(Samples.question("v", "q2").toBuilder().setRange(range).build());
    SamplingRequest part = router.samplingRequest();
    router.ask(Samples.question("v", "q3").toBuilder().setFrames(8).build());
    SamplingRequest dense = router.samplingRequest();
    assertThat(List.of(whole.getClipId(), part.getClipId(), dense.getClipId()))
        .doesNotHaveDuplicates();
    assertThat(part.getRange()).isEqualTo(range);
    assertThat(dense.getProfile().getFrames()).isEqualTo(8);
    router.sampled(Samples.manifest(part, 5));
    assertThat(router.inferenceRequest().getQuestion().getRange()).isEqualTo(range);
  }

  @Test
  void rangeOfTheVideoHoldsForQuestionsWithoutOne() {
    TimeRange range = TimeRange.newBuilder().setTo(Durations.fromSeconds(40)).build();
    router.model(Samples.model("m"));
    router.video(Samples.video("v").toBuilder().setRange(range).build());
    assertThat(asked("q").getRange()).isEqualTo(range);
  }

  @Test
  void changedUriMakesAnotherClip() {
    announce();
    SamplingRequest before = asked("q1");
    router.video(Samples.video("v").toBuilder().setUri("file:///other").build());
    assertThat(asked("q2").getClipId()).isNotEqualTo(before.getClipId());
  }

  // Repeats.

  @Test
  void repeatOfAnOpenQuestionIsDropped() {
    announce();
    asked("q");
    router.ask(Samples.question("v", "q"));
    assertThat(router.answers()).isEmpty();
    assertThat(router.samplingRequests()).isEmpty();
    assertThat(router.counters.get(RouterEvent.REPEATED)).isEqualTo(1);
  }

  @Test
  void repeatOfAClosedQuestionIsDroppedForADay() {
    announce();
    InferenceRequest request = requested("q");
    router.inferred(Samples.result(request, "red"));
    router.answer();
    router.advance(Duration.ofHours(23));
    router.ask(Samples.question("v", "q"));
    assertThat(router.counters.get(RouterEvent.REPEATED)).isEqualTo(1);
    router.advance(Duration.ofHours(2));
    router.ask(Samples.question("v", "q"));
    assertThat(router.samplingRequests()).hasSize(1);
    assertThat(router.counters.get(RouterEvent.REPEATED)).isEqualTo(1);
  }

  @Test
  void refusedQuestionIsClosedToo() {
    router.ask(Samples.question("v", "q").toBuilder().setText(" ").build());
    assertFailed(FailureCode.QUESTION_EMPTY);
    router.ask(Samples.question("v", "q"));
    assertThat(router.counters.get(RouterEvent.REPEATED)).isEqualTo(1);
  }

  @Test
  void sameQuestionIdOfTwoVideosAreTwoQuestions() {
    announce();
    router.video(Samples.video("w"));
    router.ask(Samples.question("v", "q"));
    router.ask(Samples.question("w", "q"));
    assertThat(router.samplingRequests()).hasSize(2);
  }

  @Test
  void idsThatRunTogetherAreKeptApart() {
    router.model(Samples.model("m"));
    router.video(Samples.video("1"));
    router.video(Samples.video("1:1"));
    router.ask(Samples.question("1", ":1q"));
    router.ask(Samples.question("1:1", "q"));
    assertThat(router.samplingRequests()).hasSize(2);
  }

  @Test
  void secondResultIsLate() {
    announce();
    InferenceRequest request = requested("q");
    router.inferred(Samples.result(request, "red"));
    router.inferred(Samples.result(request, "green"));
    assertThat(router.answer().getText()).isEqualTo("red");
    assertThat(router.counters.get(RouterEvent.LATE_RESULT)).isEqualTo(1);
  }

  @Test
  void secondManifestOfAClipIsDropped() {
    announce();
    SamplingRequest sampling = asked("q1");
    router.sampled(Samples.manifest(sampling, 100));
    router.sampled(Samples.manifest(sampling, 200));
    router.sampled(Samples.failedManifest(sampling, FailureCode.SAMPLING_FAILED));
    assertThat(router.inferenceRequest().getClip().getFrames(0).getOffset()).isEqualTo(100);
    router.ask(Samples.question("v", "q2"));
    assertThat(router.inferenceRequest().getClip().getFrames(0).getOffset()).isEqualTo(100);
    assertThat(router.counters.get(RouterEvent.MANIFEST_DROPPED)).isEqualTo(2);
  }

  // Unknown videos and models.

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
  void liveVideoIsNotSupported() {
    router.model(Samples.model("m"));
    router.video(Samples.video("v").toBuilder().setKind(VideoKind.VIDEO_KIND_LIVE).build());
    router.ask(Samples.question("v", "q"));
    assertFailed(FailureCode.NOT_SUPPORTED);
  }

  @Test
  void moreTokensThanTheModelGeneratesAreRefused() {
    announce();
    var question = Samples.question("v", "q").toBuilder();
    question.getOptionsBuilder().setMaxNewTokens(257);
    router.ask(question.build());
    assertFailed(FailureCode.QUESTION_INVALID);
  }

  // Sampling fails.

  @Test
  void failedSamplingAnswersAllWhoWaitAndIsForgotten() {
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
  void failureOfAClipNobodyAskedForIsIgnored() {
    announce();
    SamplingRequest sampling = asked("q1");
    router.sampled(Samples.failedManifest(sampling, FailureCode.VIDEO_CORRUPT));
    router.answer();
    router.sampled(Samples.failedManifest(sampling, FailureCode.VIDEO_CORRUPT));
    assertThat(router.answers()).isEmpty();
    assertThat(router.deadLetters()).isEmpty();
  }

  @Test
  void manifestOfAClipNobodyAskedForIsUsedLater() {
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

  private io.saccade.proto.v1.Question longQuestion(String id) {
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

  // Frames expire.

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
    // One more waits while the clip is sampled, the other comes when it is.
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

  // Deadlines.

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
  void passedDeadlineIsRefusedAtTheDoor() {
    announce();
    router.ask(dueIn("q", Duration.ZERO));
    assertFailed(FailureCode.DEADLINE_EXCEEDED);
    assertThat(router.samplingRequests()).isEmpty();
  }

  private io.saccade.proto.v1.Question dueIn(String id, Duration timeout) {
    return Samples.question("v", id).toBuilder()
        .setDeadline(Times.proto(router.now().plus(timeout)))
        .build();
  }

  private void assertOverdue(String waitedFor) {
    Answer answer = router.answer();
    assertThat(answer.getFailure().getCode()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
    assertThat(answer.getFailure().getMessage()).contains(waitedFor);
  }

  // The operator's.

  @Test
  void garbageOnEveryInputGoesToTheOperator() {
    byte[] garbage = "not protobuf".getBytes(UTF_8);
    for (var topic : RouterTopology.INPUTS) {
      router.pipe(topic, "v", garbage);
      router.pipe(topic, null, garbage);
      router.pipe(topic, "", new byte[0]);
    }
    List<DeadLetter> letters = router.deadLetters();
    assertThat(letters).hasSize(3 * RouterTopology.INPUTS.size());
    DeadLetter first = letters.get(0);
    assertThat(first.getTopic()).isEqualTo("test.videos");
    assertThat(first.getOffset()).isZero();
    assertThat(first.getKey().toStringUtf8()).isEqualTo("v");
    assertThat(first.getValue().toStringUtf8()).isEqualTo("not protobuf");
    assertThat(first.getRole()).isEqualTo("router");
    assertThat(first.getTimestamp()).isEqualTo(Times.proto(RouterHarness.START));
    assertThat(router.answers()).isEmpty();
  }

  @Test
  void garbageAmongTheModelsGoesToTheGivenConsumer() {
    router.pipe(Topics.MODELS, "m", "not protobuf".getBytes(UTF_8));
    router.pipe(Topics.MODELS, "other", Samples.model("m").toByteArray());
    router.pipe(Topics.MODELS, null, Samples.model("m").toByteArray());
    router.pipe(Topics.MODELS, null, null);
    assertThat(router.modelDeadLetters)
        .extracting(DeadLetter::getTopic)
        .containsExactly("test.models", "test.models", "test.models");
    router.video(Samples.video("v"));
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(5));
    assertFailed(FailureCode.MODEL_UNKNOWN);
  }

  @Test
  void onlyVideosMayBeWithdrawn() {
    router.pipe(Topics.QUESTIONS, "v", null);
    router.pipe(Topics.CLIPS, "v", null);
    router.pipe(Topics.RESULTS, "v", null);
    assertThat(router.deadLetters()).hasSize(3);
  }

  @Test
  void questionWithoutUsableIdsCannotBeAnswered() {
    router.ask(Samples.question("v", " "));
    router.ask(Samples.question("v", "q".repeat(201)));
    router.ask(Samples.question("v".repeat(201), "q"));
    assertThat(router.deadLetters()).hasSize(3);
    assertThat(router.answers()).isEmpty();
  }

  @Test
  void questionUnderAnotherKeyIsAnsweredAllTheSame() {
    router.pipe(Topics.QUESTIONS, "w", Samples.question("v", "q1").toByteArray());
    assertFailed(FailureCode.QUESTION_INVALID);
    router.pipe(Topics.QUESTIONS, null, Samples.question("v", "q2").toByteArray());
    var record = router.records(Topics.ANSWERS).get(0);
    assertThat(record.key()).isEqualTo("v");
  }

  @Test
  void inconsistentManifestFailsThoseWhoWaitAndGoesToTheOperator() {
    announce();
    SamplingRequest sampling = asked("q");
    router.sampled(Samples.manifest(sampling, -1));
    Answer answer = router.answer();
    assertThat(answer.getFailure().getCode()).isEqualTo(FailureCode.SAMPLING_FAILED);
    assertThat(answer.getFailure().getMessage()).contains("negative offset");
    assertThat(router.deadLetters()).hasSize(1);
    assertThat(asked("q2").getClipId()).isEqualTo(sampling.getClipId());
  }

  @Test
  void manifestOfNoClipGoesToTheOperator() {
    announce();
    SamplingRequest sampling = asked("q");
    router.sampled(Samples.manifest(sampling.toBuilder().setClipId("").build(), 0));
    router.sampled(Samples.manifest(sampling.toBuilder().setClipId("c").build(), 0));
    router.pipe(Topics.CLIPS, "w", Samples.manifest(sampling, 0).toByteArray());
    assertThat(router.deadLetters()).hasSize(3);
    assertThat(router.inferenceRequests()).isEmpty();
  }

  @Test
  void unusableResultGoesToTheOperator() {
    announce();
    var result = Samples.result(requested("q"), "red").toBuilder();
    router.inferred(result.clone().clearText().build());
    router.inferred(result.clone().setQuestionId("").build());
    router.inferred(result.clone().setClipId("another").build());
    router.pipe(Topics.RESULTS, "w", result.build().toByteArray());
    assertThat(router.deadLetters()).hasSize(4);
    router.inferred(result.build());
    assertThat(router.answer().getText()).isEqualTo("red");
  }

  @Test
  void resultOfAQuestionThatIsNotSettledIsLate() {
    announce();
    var result = Samples.result(requested("q"), "red").toBuilder();
    router.ask(Samples.question("w", "p"));
    router.inferred(result.setVideoId("w").setQuestionId("p").build());
    assertThat(router.counters.get(RouterEvent.LATE_RESULT)).isEqualTo(1);
    assertThat(router.answers()).isEmpty();
  }

  @Test
  void unusableVideoGoesToTheOperator() {
    router.pipe(Topics.VIDEOS, "w", Samples.video("v").toByteArray());
    router.video(Samples.video("v").toBuilder().setUri("").build());
    router.video(Samples.video("v").toBuilder().setKindValue(77).build());
    router.video(Samples.video("v".repeat(201)));
    router.video(Samples.video("v").toBuilder().putLabels("site", "g".repeat(201)).build());
    var backwards = TimeRange.newBuilder().setTo(Durations.ZERO).build();
    router.video(Samples.video("v").toBuilder().setRange(backwards).build());
    assertThat(router.deadLetters()).hasSize(6);
  }

  // Bounds.

  @Test
  void hugeQuestionIsRefusedAndNotEchoed() {
    announce();
    router.ask(Samples.question("v", "q").toBuilder().setText("é".repeat(500_000)).build());
    Answer answer = router.answer();
    assertThat(answer.getFailure().getCode()).isEqualTo(FailureCode.QUESTION_TOO_LONG);
    assertThat(answer.getFailure().getMessage()).contains("500000").contains("8192");
    assertThat(answer.getQuestion()).hasSize(500);
  }

  @Test
  void tooManyOpenQuestionsAreRefused(@TempDir Path other) {
    RouterLimits d = RouterLimits.DEFAULT;
    RouterLimits two =
        new RouterLimits(
            d.defaultTimeout(),
            d.longestTimeout(),
            d.unknownGrace(),
            d.maxQuestionChars(),
            2,
            d.closedRetention(),
            d.clipRetention(),
            d.samplingTimeout());
    try (RouterHarness small = new RouterHarness(other, two)) {
      small.model(Samples.model("m"));
      small.video(Samples.video("v"));
      small.ask(Samples.question("v", "q1"));
      small.ask(Samples.question("v", "q2"));
      SamplingRequest sampling = small.samplingRequest();
      small.ask(Samples.question("v", "q3"));
      assertThat(small.answer().getFailure().getCode()).isEqualTo(FailureCode.OVERLOADED);
      small.sampled(Samples.manifest(sampling, 0));
      small.inferred(Samples.result(small.inferenceRequests().get(0), "red"));
      small.answer();
      small.ask(Samples.question("v", "q4"));
      assertThat(small.inferenceRequests()).hasSize(1);
    }
  }

  @Test
  void hugeResultFails() {
    announce();
    router.inferred(Samples.result(requested("q"), "x".repeat(900_000)));
    assertFailed(FailureCode.INFERENCE_FAILED);
  }

  @Test
  void hostileTimingsAreLeftOut() {
    announce();
    var result = Samples.result(requested("q"), "red").toBuilder();
    result
        .getTimingsBuilder()
        .setQueue(com.google.protobuf.Duration.newBuilder().setSeconds(Long.MAX_VALUE));
    result.getTimingsBuilder().setDecode(Durations.fromMillis(-5));
    result.getTimingsBuilder().setVision(com.google.protobuf.Duration.newBuilder().setNanos(-1));
    result.setFinishReasonValue(99);
    result.addLookedAtBuilder().setShare(Float.NaN);
    result.addLookedAtBuilder().setShare(0.5f).setPts(Durations.fromSeconds(1));
    router.inferred(result.build());
    Answer answer = router.answer();
    assertThat(answer.getTimings().getQueue()).isEqualTo(Durations.ZERO);
    assertThat(answer.getTimings().getDecode()).isEqualTo(Durations.ZERO);
    assertThat(answer.getTimings().getVision()).isEqualTo(Durations.ZERO);
    assertThat(answer.getFinishReasonValue()).isEqualTo(99);
    assertThat(answer.getLookedAtList()).hasSize(1);
    assertThat(io.saccade.proto.Json.line(answer)).contains("red");
  }

  @Test
  void hostileDeadlineIsInvalid() {
    announce();
    router.ask(
        Samples.question("v", "q").toBuilder()
            .setDeadline(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
            .build());
    assertFailed(FailureCode.QUESTION_INVALID);
  }

  @Test
  void sweptClipsAreSampledFromTheFirstAttempt() {
    announce();
    SamplingRequest first = asked("q1");
    router.sampled(Samples.manifest(first.toBuilder().setAttempt(5).build(), 0));
    router.advance(RouterLimits.DEFAULT.clipRetention());
    router.advance(Duration.ofSeconds(20));
    router.answers();
    assertThat(asked("q2").getAttempt()).isEqualTo(1);
  }
}
