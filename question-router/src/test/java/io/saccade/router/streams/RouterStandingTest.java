package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Alert;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Priority;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterEvent;
import io.saccade.telemetry.SkipReason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Standing questions about the windows of live feeds. */
final class RouterStandingTest extends RouterTest {

  private static final Duration LENGTH = Duration.ofSeconds(10);

  private long number;

  @BeforeEach
  void announceFeed() {
    router.model(Samples.model("m"));
    router.video(Samples.feed("v"));
  }

  /** The next window of a feed, which ends now. */
  private ClipManifest window(String videoId) {
    return Samples.window(videoId, 'a', number++, router.now(), LENGTH);
  }

  private ClipManifest windowCame(String videoId) {
    ClipManifest window = window(videoId);
    router.sampled(window);
    return window;
  }

  private InferenceRequest requested() {
    windowCame("v");
    return router.inferenceRequest();
  }

  private long count(RouterEvent event) {
    return router.counters.get(event);
  }

  private long skipped(SkipReason reason) {
    return router.counters.skipped(reason);
  }

  private static StandingQuestion.Builder standing() {
    return Samples.standing("s", "v").toBuilder();
  }

  @Test
  void everyWindowIsAskedAbout() {
    router.standing(standing().build());
    ClipManifest window = windowCame("v");
    InferenceRequest request = router.inferenceRequest();
    assertThat(request.getQuestion().getQuestionId()).isEqualTo("s#" + window.getClipId());
    assertThat(request.getQuestion().getText()).isEqualTo("Is somebody at the gate?");
    assertThat(request.getQuestion().getModel()).isEqualTo("m");
    assertThat(request.getQuestion().getDeadline())
        .isEqualTo(Times.proto(router.now().plusSeconds(60)));
    assertThat(request.getClip()).isEqualTo(window);
    assertThat(request.getPriority()).isEqualTo(Priority.STANDING);
    assertThat(request.getAttempt()).isEqualTo(1);

    router.advance(Duration.ofSeconds(2));
    router.inferred(Samples.result(request, "yes"));
    Answer answer = router.answer();
    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.OK);
    assertThat(answer.getStandingId()).isEqualTo("s");
    assertThat(answer.getWindow()).isEqualTo(window.getWindow());
    assertThat(answer.getText()).isEqualTo("yes");
    assertThat(answer.getClip().getFrames()).isEqualTo(Samples.FRAMES);
    assertThat(answer.getTimings().getTotal()).isEqualTo(Durations.fromSeconds(2));
    assertThat(requested().getQuestion().getQuestionId()).startsWith("s#").isNotEqualTo("s#");
  }

  @Test
  void aWindowThatComesTwiceIsAskedAboutOnce() {
    router.standing(standing().build());
    ClipManifest window = windowCame("v");
    router.inferred(Samples.result(router.inferenceRequest(), "yes"));
    router.sampled(window);
    assertThat(router.inferenceRequests()).isEmpty();
    assertThat(router.answers()).hasSize(1);
    assertThat(count(RouterEvent.MANIFEST_DROPPED)).isEqualTo(1);
  }

  @Test
  void anOlderWindowThanTheNewestIsDropped() {
    router.standing(standing().build());
    ClipManifest older = window("v");
    windowCame("v");
    router.sampled(older);
    router.sampled(Samples.window("v", 'b', 9, router.now().minusMillis(1), Duration.ofSeconds(3)));
    assertThat(router.inferenceRequests()).hasSize(1);
    assertThat(count(RouterEvent.WINDOW)).isEqualTo(1);
  }

  @Test
  void labelsChooseFeedsThatComeLater() {
    router.standing(
        standing()
            .setSelector(LabelSelector.newBuilder().putLabels("site", "g3").putLabels("cam", "1"))
            .build());
    router.video(labelled("one", "site", "g3"));
    router.video(labelled("both", "site", "g3").toBuilder().putLabels("cam", "1").build());
    windowCame("one");
    windowCame("v");
    windowCame("both");
    assertThat(router.inferenceRequest().getQuestion().getVideoId()).isEqualTo("both");
  }

  private static VideoReference labelled(String id, String name, String value) {
    return Samples.feed(id).toBuilder().putLabels(name, value).build();
  }

  @Test
  void windowsOfAnotherProfileAreNotAskedAbout() {
    ModelCard.Builder other = Samples.model("n").toBuilder();
    other.getProfileBuilder().setImageSize(112);
    router.model(other.build());
    router.standing(standing().setModel("n").build());
    router.standing(standing().setQuestionId("t").setModel("m").build());
    windowCame("v");
    assertThat(router.inferenceRequest().getQuestion().getQuestionId()).startsWith("t#");
  }

  @Test
  void aFileHasNoWindows() {
    router.standing(standing().build());
    router.video(Samples.video("v"));
    windowCame("v");
    windowCame("nobody");
    assertThat(router.inferenceRequests()).isEmpty();
    assertThat(count(RouterEvent.WINDOW)).isZero();
  }

  @Test
  void aResultAfterTheFreshnessIsDropped() {
    router.standing(standing().setFreshness(Durations.fromSeconds(5)).build());
    InferenceRequest request = requested();
    router.advance(Duration.ofSeconds(5));
    router.inferred(Samples.result(request, "yes"));
    assertThat(router.answers()).isEmpty();
    assertThat(skipped(SkipReason.STALE)).isEqualTo(1);
    assertThat(count(RouterEvent.LATE_RESULT)).isEqualTo(1);
  }

  @Test
  void skippedWindowsAreReportedOnRequest() {
    router.standing(standing().setReportSkipped(true).build());
    InferenceRequest request = requested();
    router.advance(Duration.ofMillis(59_900));
    assertThat(router.answers()).isEmpty();
    router.advance(Duration.ofMillis(100));
    Answer answer = router.answer();
    assertThat(answer.getStatus()).isEqualTo(AnswerStatus.SKIPPED);
    assertThat(answer.hasFailure()).isFalse();
    assertThat(answer.getQuestionId()).isEqualTo(request.getQuestion().getQuestionId());
    assertThat(answer.getStandingId()).isEqualTo("s");
    assertThat(answer.getWindow()).isEqualTo(request.getClip().getWindow());
  }

  @Test
  void aWindowThatComesTooLateIsSkippedAtOnce() {
    router.standing(standing().build());
    ClipManifest window = window("v");
    router.advance(Duration.ofSeconds(60));
    router.sampled(window);
    assertThat(router.inferenceRequests()).isEmpty();
    assertThat(skipped(SkipReason.STALE)).isEqualTo(1);
  }

  @Test
  void expiredWindowsAreSkippedAndFailedOnesAreAnswered() {
    router.standing(standing().build());
    router.inferred(Samples.failedResult(requested(), FailureCode.DEADLINE_EXCEEDED));
    router.inferred(Samples.failedResult(requested(), FailureCode.FRAMES_EXPIRED));
    assertThat(router.answers()).isEmpty();
    assertThat(skipped(SkipReason.STALE)).isEqualTo(1);
    assertThat(skipped(SkipReason.EXPIRED)).isEqualTo(1);
    assertThat(router.samplingRequests()).isEmpty();
    router.inferred(Samples.failedResult(requested(), FailureCode.INFERENCE_FAILED));
    Answer answer = router.answer();
    assertThat(answer.getFailure().getCode()).isEqualTo(FailureCode.INFERENCE_FAILED);
    assertThat(answer.getStandingId()).isEqualTo("s");
  }

  @Test
  void moreTokensThanTheModelGeneratesFailEachWindow() {
    StandingQuestion.Builder greedy = standing();
    greedy.getOptionsBuilder().setMaxNewTokens(257);
    router.standing(greedy.build());
    windowCame("v");
    assertFailed(FailureCode.QUESTION_INVALID);
    assertThat(router.inferenceRequests()).isEmpty();
  }

  @Test
  void theNewestOfTheWaitingWindowsIsKept() {
    router.standing(standing().build());
    InferenceRequest first = requested();
    windowCame("v");
    ClipManifest newest = windowCame("v");
    assertThat(router.inferenceRequests()).isEmpty();
    assertThat(skipped(SkipReason.REPLACED)).isEqualTo(1);
    router.inferred(Samples.result(first, "yes"));
    assertThat(router.inferenceRequest().getClip()).isEqualTo(newest);
  }

  @Test
  void aCancelledQuestionIsNotAskedAndItsWaitingWindowsAreDropped() {
    router.standing(standing().build());
    InferenceRequest first = requested();
    windowCame("v");
    router.pipe(Topics.STANDING_QUESTIONS, "s", null);
    router.advance(Duration.ofMillis(100));
    assertThat(skipped(SkipReason.CANCELLED)).isEqualTo(1);
    router.inferred(Samples.result(first, "yes"));
    assertThat(router.answer().getText()).isEqualTo("yes");
    windowCame("v");
    assertThat(router.inferenceRequests()).isEmpty();
  }

  @Test
  void aChangedQuestionIsAskedAboutTheNextWindow() {
    router.standing(standing().build());
    router.inferred(Samples.result(requested(), "yes"));
    router.standing(standing().setText("And now?").build());
    assertThat(requested().getQuestion().getText()).isEqualTo("And now?");
  }

  @Test
  void aWindowThatWaitsForAModelTheQuestionHasNoMoreIsSkipped() {
    ModelCard.Builder other = Samples.model("n").toBuilder();
    other.getProfileBuilder().setImageSize(112);
    router.model(other.build());
    router.standing(standing().setModel("m").build());
    InferenceRequest first = requested();
    windowCame("v");
    router.standing(standing().setModel("n").build());
    windowCame("v");
    router.inferred(Samples.result(first, "yes"));
    assertThat(router.inferenceRequests()).isEmpty();
    assertThat(skipped(SkipReason.REPLACED)).isEqualTo(1);
  }

  @Test
  void aWithdrawnFeedLeavesNoState() {
    router.standing(standing().setAlert(AlertRule.newBuilder().setMatches("yes")).build());
    InferenceRequest slow = requested();
    router.advance(Duration.ofSeconds(40));
    router.inferred(Samples.result(slow, "yes"));
    requested();
    windowCame("v");
    router.pipe(Topics.VIDEOS, "v", null);
    assertThat(skipped(SkipReason.CANCELLED)).isEqualTo(1);
    router.advance(Duration.ofSeconds(60));
    for (String store : List.of("open-questions", "newest-windows", "alert-episodes")) {
      assertThat(router.size(store)).as(store).isZero();
    }
  }

  @Test
  void deadlinesHoldWithAllWorkersStopped() {
    router.standing(standing().setReportSkipped(true).build());
    router.standing(standing().setQuestionId("t").setFreshness(Durations.fromSeconds(7)).build());
    windowCame("v");
    assertThat(router.inferenceRequests()).hasSize(1);
    router.advance(Duration.ofSeconds(7));
    assertThat(skipped(SkipReason.STALE)).isEqualTo(1);
    router.advance(Duration.ofSeconds(53));
    assertThat(skipped(SkipReason.STALE)).isEqualTo(2);
    assertThat(router.size("open-questions")).isZero();
    assertThat(router.answer().getStatus()).isEqualTo(AnswerStatus.SKIPPED);
  }

  @Test
  void onDemandQuestionsAreSentAtOnceHoweverManyWindowsWait() {
    router.standing(standing().build());
    requested();
    windowCame("v");
    router.ask(Samples.question("v", "q"));
    InferenceRequest request = router.inferenceRequest();
    assertThat(request.getQuestion().getQuestionId()).isEqualTo("q");
    assertThat(request.getPriority()).isEqualTo(Priority.ON_DEMAND);
  }

  @Test
  void anAlertComesWithTheAnswerOnceAnEpisode() {
    router.standing(
        standing().setAlert(AlertRule.newBuilder().setMatches("YES|ja").setMinWindows(2)).build());
    answered("yes");
    assertThat(router.alerts()).isEmpty();
    Answer second = answered("oh Yes.");
    Alert alert = router.alerts().get(0);
    assertThat(alert.getAlertId()).matches("[0-9a-f]{32}");
    assertThat(alert.getVideoId()).isEqualTo("v");
    assertThat(alert.getQuestionId()).isEqualTo("s");
    assertThat(alert.getWindow()).isEqualTo(second.getWindow());
    assertThat(alert.getAnswer()).isEqualTo(second);
    assertThat(alert.getRaisedAt()).isEqualTo(Times.proto(router.now()));
    answered("yes");
    answered("no");
    answered("yes");
    assertThat(router.alerts()).isEmpty();
    answered("yes");
    Alert next = router.alerts().get(0);
    assertThat(next.getAlertId()).isNotEqualTo(alert.getAlertId());
    assertThat(count(RouterEvent.ALERT)).isEqualTo(2);
  }

  private Answer answered(String text) {
    router.inferred(Samples.result(requested(), text));
    return router.answer();
  }

  @Test
  void aChangedRuleBeginsAnew() {
    AlertRule.Builder rule = AlertRule.newBuilder().setMatches("yes");
    router.standing(standing().setAlert(rule).build());
    answered("yes");
    router.standing(standing().setAlert(rule.setMatches("yes.*")).build());
    answered("yes");
    assertThat(router.alerts()).hasSize(2);
  }

  @Test
  void aFailedWindowDoesNotEndAnEpisode() {
    router.standing(standing().setAlert(AlertRule.newBuilder().setMatches("yes")).build());
    answered("yes");
    router.inferred(Samples.failedResult(requested(), FailureCode.OUT_OF_MEMORY));
    router.answer();
    answered("yes");
    assertThat(router.alerts()).hasSize(1);
  }

  @Test
  void invalidStandingQuestionsAreDeadLettered() {
    router.standing(standing().setText("").build());
    router.pipe(Topics.STANDING_QUESTIONS, "t", standing().build().toByteArray());
    router.pipe(Topics.STANDING_QUESTIONS, "s", new byte[] {1, 2, 3});
    router.pipe(Topics.STANDING_QUESTIONS, null, null);
    assertThat(router.globalDeadLetters).hasSize(3);
    windowCame("v");
    assertThat(router.inferenceRequests()).isEmpty();
    assertThat(router.answers()).isEmpty();
  }

  @Test
  void aRefusedStandingQuestionTakesThePlaceOfTheOneBefore() {
    router.standing(standing().build());
    router.standing(standing().setText("").build());
    windowCame("v");
    assertThat(router.inferenceRequests()).isEmpty();
    router.standing(standing().build());
    InferenceRequest first = requested();
    windowCame("v");
    router.pipe(Topics.STANDING_QUESTIONS, "s", new byte[] {1, 2, 3});
    router.advance(Duration.ofMillis(100));
    assertThat(skipped(SkipReason.CANCELLED)).isEqualTo(1);
    router.inferred(Samples.result(first, "yes"));
    windowCame("v");
    assertThat(router.inferenceRequests()).isEmpty();
    assertThat(router.globalDeadLetters).hasSize(2);
  }

  @Test
  void unusableWindowsAreDeadLettered() {
    router.standing(standing().build());
    ClipManifest good = window("v");
    var bad = good.toBuilder();
    bad.getWindowBuilder().setSession("x");
    router.sampled(bad.build());
    bad = good.toBuilder();
    bad.getWindowBuilder().setEnd(Times.proto(router.now().plusSeconds(61)));
    router.sampled(bad.build());
    bad = good.toBuilder();
    bad.getWindowBuilder().setBegin(Times.proto(router.now().plusSeconds(1)));
    router.sampled(bad.build());
    router.sampled(good.toBuilder().clearFrames().build());
    assertThat(router.deadLetters()).hasSize(4);
    router.sampled(good.toBuilder().setFailure(Samples.failure(FailureCode.VIDEO_CORRUPT)).build());
    assertThat(count(RouterEvent.MANIFEST_DROPPED)).isEqualTo(1);
    assertThat(router.inferenceRequests()).isEmpty();
  }

  @Test
  void usersCannotTakeAWindowsId() {
    String id = "s#" + "0123456789abcdef".repeat(2);
    router.ask(Samples.question("v", id));
    router.ask(Samples.question("v", id + "0"));
    assertThat(router.deadLetters()).hasSize(1);
    assertThat(router.answers()).isEmpty();
    assertThat(count(RouterEvent.OPENED)).isEqualTo(1);
  }
}
