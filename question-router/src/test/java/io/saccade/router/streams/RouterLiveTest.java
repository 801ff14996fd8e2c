package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.TimeRange;
import io.saccade.router.RouterEvent;
import io.saccade.router.RouterLimits;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On-demand questions about a live feed. */
final class RouterLiveTest extends RouterTest {

  private static final Duration LENGTH = Duration.ofSeconds(10);

  private long number;

  @BeforeEach
  void announceFeed() {
    router.model(Samples.model("m"));
    router.video(Samples.feed("v"));
  }

  private ClipManifest windowCame() {
    ClipManifest window = Samples.window("v", 'a', number++, router.now(), LENGTH);
    router.sampled(window);
    return window;
  }

  @Test
  void theNewestWindowIsAskedAbout() {
    windowCame();
    ClipManifest newest = windowCame();
    router.advance(Duration.ofSeconds(20));
    router.ask(Samples.question("v", "q"));
    InferenceRequest request = router.inferenceRequest();
    assertThat(request.getClip()).isEqualTo(newest);
    router.inferred(Samples.result(request, "yes"));
    Answer answer = router.answer();
    assertThat(answer.getText()).isEqualTo("yes");
    assertThat(answer.getWindow()).isEqualTo(newest.getWindow());
    assertThat(answer.getClipId()).isEqualTo(newest.getClipId());
    assertThat(answer.getStandingId()).isEmpty();
    assertThat(router.samplingRequests()).isEmpty();
  }

  @Test
  void anOldWindowIsNotUsed() {
    windowCame();
    router.advance(Duration.ofMillis(20_001));
    router.ask(Samples.question("v", "q"));
    assertThat(router.inferenceRequests()).isEmpty();
    ClipManifest next = windowCame();
    assertThat(router.inferenceRequest().getClip()).isEqualTo(next);
  }

  @Test
  void aQuestionWaitsForTheWindowOfItsModelsProfile() {
    ModelCard.Builder other = Samples.model("n").toBuilder();
    other.getProfileBuilder().setImageSize(112);
    router.model(other.build());
    router.ask(Samples.question("v", "q").toBuilder().setModel("n").build());
    ClipManifest window = windowCame();
    assertThat(router.inferenceRequests()).isEmpty();
    router.sampled(window.toBuilder().setProfile(other.getProfile()).build());
    assertThat(router.inferenceRequest().getQuestion().getModel()).isEqualTo("n");
  }

  @Test
  void aFeedWithoutWindowsIsWaitedForUntilTheDeadline() {
    router.ask(Samples.question("v", "q"));
    router.advance(RouterLimits.DEFAULT.defaultTimeout());
    Answer answer = router.answer();
    assertThat(answer.getFailure().getCode()).isEqualTo(FailureCode.DEADLINE_EXCEEDED);
    assertThat(answer.getFailure().getMessage()).contains("window of the feed");
  }

  @Test
  void windowsCannotBeSampledAgain() {
    windowCame();
    router.ask(Samples.question("v", "q"));
    router.inferred(Samples.failedResult(router.inferenceRequest(), FailureCode.FRAMES_EXPIRED));
    assertFailed(FailureCode.FRAMES_EXPIRED);
    assertThat(router.samplingRequests()).isEmpty();
  }

  @Test
  void rangeAndFramesAreNotSupported() {
    TimeRange range = TimeRange.newBuilder().setFrom(Durations.fromSeconds(12)).build();
    router.ask(Samples.question("v", "q1").toBuilder().setRange(range).build());
    assertFailed(FailureCode.NOT_SUPPORTED);
    router.ask(Samples.question("v", "q2").toBuilder().setFrames(8).build());
    assertFailed(FailureCode.NOT_SUPPORTED);
  }

  @Test
  void anotherFeedUnderTheSameIdIsAskedAboutItsOwnWindows() {
    windowCame();
    router.video(Samples.feed("v").toBuilder().setUri("rtsp://other/").build());
    router.ask(Samples.question("v", "q"));
    assertThat(router.inferenceRequests()).isEmpty();
    ClipManifest next = windowCame();
    assertThat(router.inferenceRequest().getClip()).isEqualTo(next);
  }

  @Test
  void aQuestionWaitsForTheWindowsThatItsModelSeesNow() {
    router.ask(Samples.question("v", "q"));
    ModelCard.Builder other = Samples.model("m").toBuilder();
    other.getProfileBuilder().setImageSize(112);
    router.advance(Duration.ofSeconds(20));
    router.model(other.build());
    router.advance(Duration.ofMillis(100));
    windowCame();
    assertThat(router.inferenceRequests()).isEmpty();
    ClipManifest window = Samples.window("v", 'a', number++, router.now(), LENGTH);
    router.sampled(window.toBuilder().setProfile(other.getProfile()).build());
    assertThat(router.inferenceRequest().getClip().getProfile()).isEqualTo(other.getProfile());
  }

  @Test
  void aQuestionWhoseModelIsGoneFailsAfterTheGrace() {
    router.ask(Samples.question("v", "q"));
    router.advance(Duration.ofSeconds(20));
    router.pipe(Topics.MODELS, "m", null);
    router.advance(Duration.ofMillis(100));
    assertThat(router.answers()).isEmpty();
    router.advance(Duration.ofSeconds(5));
    assertFailed(FailureCode.MODEL_UNKNOWN);
  }

  @Test
  void aFeedThatIsAFileNowIsSampled() {
    router.ask(Samples.question("v", "q"));
    router.video(Samples.video("v"));
    router.sampled(Samples.manifest(router.samplingRequest(), 100));
    router.inferred(Samples.result(router.inferenceRequest(), "red"));
    assertThat(router.answer().getText()).isEqualTo("red");
  }

  @Test
  void aQuestionGoesOnWaitingForTheFeedThatIsNowUnderItsId() {
    router.ask(Samples.question("v", "q"));
    router.video(Samples.feed("v").toBuilder().setUri("rtsp://other/").build());
    ClipManifest next = windowCame();
    assertThat(router.inferenceRequest().getClip()).isEqualTo(next);
  }

  @Test
  void aQuestionWhoseFeedIsGoneFailsAfterTheGrace() {
    router.ask(Samples.question("v", "q"));
    router.ask(Samples.question("v", "hasty").toBuilder().setDeadline(soon()).build());
    router.advance(Duration.ofSeconds(1));
    router.pipe(Topics.VIDEOS, "v", null);
    router.advance(Duration.ofSeconds(2));
    assertFailed(FailureCode.DEADLINE_EXCEEDED);
    router.advance(Duration.ofSeconds(3));
    assertFailed(FailureCode.VIDEO_UNKNOWN);
  }

  private Timestamp soon() {
    return Times.proto(router.now().plusSeconds(3));
  }

  @Test
  void aResultForAQuestionThatWaitsForAWindowIsLate() {
    windowCame();
    router.ask(Samples.question("v", "q"));
    var result = Samples.result(router.inferenceRequest(), "yes").toBuilder();
    router.advance(Duration.ofSeconds(21));
    router.ask(Samples.question("v", "p"));
    router.inferred(result.setQuestionId("p").clearClipId().build());
    assertThat(router.answers()).isEmpty();
    assertThat(router.counters.get(RouterEvent.LATE_RESULT)).isEqualTo(1);
  }
}
