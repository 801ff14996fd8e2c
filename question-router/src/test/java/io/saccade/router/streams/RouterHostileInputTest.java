package io.saccade.router.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import io.saccade.proto.Json;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.router.RouterEvent;
import io.saccade.router.RouterLimits;
import io.saccade.telemetry.SkipReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Malformed, invalid and contradictory records. */
final class RouterHostileInputTest extends RouterTest {

  /** Seconds of a valid protobuf duration that has more nanoseconds than a long. */
  private static final long AGES = 10_000_000_000L;

  @Test
  void garbageOnEveryInputIsDeadLettered() {
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
    assertThat(router.globalDeadLetters)
        .extracting(DeadLetter::getTopic)
        .containsExactly("test.models", "test.models", "test.models");
    router.video(Samples.video("v"));
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(5));
    assertFailed(FailureCode.MODEL_UNKNOWN);
  }

  @Test
  void aRefusedCardTakesThePlaceOfTheOneBefore() {
    announce();
    router.model(Samples.model("m").toBuilder().clearProfile().build());
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(5));
    assertFailed(FailureCode.MODEL_UNKNOWN);
    router.model(Samples.model("m"));
    asked("q2");
    router.pipe(Topics.MODELS, "m", "not protobuf".getBytes(UTF_8));
    router.ask(Samples.question("v", "q3"));
    router.advance(Duration.ofSeconds(5));
    assertFailed(FailureCode.MODEL_UNKNOWN);
    assertThat(router.globalDeadLetters).hasSize(2);
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
  void inconsistentManifestFailsWaitingQuestionsAndIsDeadLettered() {
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
  void manifestOfNoClipIsDeadLettered() {
    announce();
    SamplingRequest sampling = asked("q");
    router.sampled(Samples.manifest(sampling.toBuilder().setClipId("").build(), 0));
    router.sampled(Samples.manifest(sampling.toBuilder().setClipId("c").build(), 0));
    router.pipe(Topics.CLIPS, "w", Samples.manifest(sampling, 0).toByteArray());
    assertThat(router.deadLetters()).hasSize(3);
    assertThat(router.inferenceRequests()).isEmpty();
  }

  @Test
  void unusableResultIsDeadLettered() {
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
  void unusableVideoIsDeadLettered() {
    router.pipe(Topics.VIDEOS, "w", Samples.video("v").toByteArray());
    router.video(Samples.video("v").toBuilder().setUri("").build());
    router.video(Samples.video("v").toBuilder().setKindValue(77).build());
    router.video(Samples.video("v".repeat(201)));
    router.video(Samples.video("v").toBuilder().putLabels("site", "g".repeat(201)).build());
    var backwards = TimeRange.newBuilder().setTo(Durations.ZERO).build();
    router.video(Samples.video("v").toBuilder().setRange(backwards).build());
    assertThat(router.deadLetters()).hasSize(6);
  }

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
    try (RouterHarness small = new RouterHarness(other, atMost(2))) {
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
  void windowsThatWaitDoNotCrowdOutQuestions(@TempDir Path other) {
    try (RouterHarness small = new RouterHarness(other, atMost(2))) {
      small.model(Samples.model("m"));
      for (int i = 0; i < 5; i++) {
        small.video(Samples.feed("feed-" + i));
        small.standing(Samples.standing("s" + i, "feed-" + i));
        small.sampled(Samples.window("feed-" + i, 'a', 0, small.now(), Duration.ofSeconds(10)));
      }
      assertThat(small.inferenceRequests()).hasSize(1);
      assertThat(small.counters.skipped(SkipReason.CROWDED)).isEqualTo(2);
      small.video(Samples.video("v"));
      small.ask(Samples.question("v", "q1"));
      small.ask(Samples.question("v", "q2"));
      assertThat(small.answers()).isEmpty();
      small.ask(Samples.question("v", "q3"));
      assertThat(small.answer().getFailure().getCode()).isEqualTo(FailureCode.OVERLOADED);
    }
  }

  private static RouterLimits atMost(int openQuestions) {
    RouterLimits d = RouterLimits.DEFAULT;
    return new RouterLimits(
        d.defaultTimeout(),
        d.longestTimeout(),
        d.unknownGrace(),
        d.maxQuestionChars(),
        openQuestions,
        d.closedRetention(),
        d.clipRetention(),
        d.samplingTimeout());
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
    result.getTimingsBuilder().setPrefill(Durations.fromSeconds(AGES));
    result.setFinishReasonValue(99);
    result.addLookedAtBuilder().setShare(Float.NaN);
    result.addLookedAtBuilder().setShare(0.5f).setPts(Durations.fromSeconds(1));
    router.inferred(result.build());
    Answer answer = router.answer();
    assertThat(answer.getTimings().getQueue()).isEqualTo(Durations.ZERO);
    assertThat(answer.getTimings().getDecode()).isEqualTo(Durations.ZERO);
    assertThat(answer.getTimings().getVision()).isEqualTo(Durations.ZERO);
    assertThat(answer.getTimings().getPrefill()).isEqualTo(Durations.ZERO);
    assertThat(answer.getFinishReasonValue()).isEqualTo(99);
    assertThat(answer.getLookedAtList()).hasSize(1);
    assertThat(Json.line(answer)).contains("red");
  }

  @Test
  void hostileTimingsOfASamplingAreLeftOut() {
    announce();
    var manifest = Samples.manifest(asked("q"), 100).toBuilder();
    manifest
        .getTimingsBuilder()
        .setDecode(Durations.fromSeconds(AGES))
        .setPublish(Durations.fromSeconds(-AGES));
    router.sampled(manifest.build());
    router.inferred(Samples.result(router.inferenceRequest(), "red"));
    Answer answer = router.answer();
    assertThat(answer.getTimings().getSampling()).isEqualTo(Durations.ZERO);
    assertThat(answer.getTimings().getFramePublish()).isEqualTo(Durations.ZERO);
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
