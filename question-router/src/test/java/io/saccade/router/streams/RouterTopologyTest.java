package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.router.RouterEvent;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The path of a question without failures, and repeated records on it. */
final class RouterTopologyTest extends RouterTest {

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

  @Test
  void requestsOfAHotVideoAreSpread() {
    announce();
    SamplingRequest sampling = asked("q0");
    for (int i = 1; i < 20; i++) {
      router.ask(Samples.question("v", "q" + i));
    }
    router.sampled(Samples.manifest(sampling, 100));
    List<InferenceRequest> requests = router.inferenceRequests();
    assertThat(spread(requests, 0)).hasSize(8);
    assertThat(spread(requests, 1)).hasSize(8);
    assertThat(spread(requests, 2)).hasSize(4);
    spread(requests, 1).forEach(request -> router.inferred(Samples.result(request, "red")));
    router.ask(Samples.question("v", "next"));
    assertThat(router.inferenceRequest().getSpread()).isEqualTo(1);
    router.video(Samples.video("w"));
    router.ask(Samples.question("w", "q"));
    router.sampled(Samples.manifest(router.samplingRequest(), 200));
    assertThat(router.inferenceRequest().getSpread()).isZero();
  }

  private static List<InferenceRequest> spread(List<InferenceRequest> requests, int spread) {
    return requests.stream().filter(request -> request.getSpread() == spread).toList();
  }
}
