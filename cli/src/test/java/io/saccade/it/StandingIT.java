package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.ingest.Publisher;
import io.saccade.proto.Times;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Alert;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.LiveOptions;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.WorkerConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A live feed from a file at its own pace, asked by a standing question: all roles, real broker.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StandingIT extends BusIT {

  private static final String MODEL = "demo";

  private QuestionRouter router;

  @BeforeEach
  void startAll() {
    router = startRouter();
    startSampler();
    parts.start(new InferenceWorker(WorkerConfig.defaults(bus, "worker"), Demo.engine(MODEL)));
    awaitModel();
  }

  private static StandingQuestion standing(String id) {
    return StandingQuestion.newBuilder()
        .setQuestionId(id)
        .setSelector(LabelSelector.newBuilder().putLabels("site", "here"))
        .setText(Demo.CAR_COLOUR)
        .setFreshness(Times.proto(Duration.ofMinutes(10)))
        .setReportSkipped(true)
        .setAlert(AlertRule.newBuilder().setMatches("WHITE"))
        .build();
  }

  private static VideoReference feed(Duration window) {
    return Demo.video(0).toBuilder()
        .setKind(VideoKind.VIDEO_KIND_LIVE)
        .putLabels("site", "here")
        .setLive(LiveOptions.newBuilder().setWindow(Times.proto(window)))
        .build();
  }

  @Test
  void everyWindowIsAnsweredOnceAndTheAlertRaisedOnce() {
    try (Publisher publisher = Publisher.open(bus)) {
      publisher.publish(standing("car")).join();
      publisher.publish(standing("cancelled")).join();
      publisher.cancel("cancelled").join();
    }
    awaitRead(Topics.MODELS);
    awaitRead(Topics.STANDING_QUESTIONS);
    router.close(); // one that starts later knows them from the log
    startRouter();

    VideoReference video = feed(Duration.ofMillis(1_500));
    client.send(Topics.VIDEOS, video);
    patiently()
        .until(
            () ->
                client.readAll(Topics.FEED_STATUS).stream()
                    .anyMatch(status -> status.getState() == io.saccade.proto.v1.FeedState.ENDED));
    List<ClipManifest> windows =
        client.readAll(Topics.CLIPS).stream().filter(ClipManifest::hasWindow).toList();
    assertThat(windows).isNotEmpty();
    List<Answer> answers =
        client.await(windows.stream().map(window -> "car#" + window.getClipId()).toList());

    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.getStandingId()).isEqualTo("car");
              assertThat(answer.getVideoId()).isEqualTo(video.getVideoId());
              assertThat(answer.getStatus()).isIn(AnswerStatus.OK, AnswerStatus.SKIPPED);
            });
    for (int i = 0; i < windows.size(); i++) {
      assertThat(answers.get(i).getWindow()).isEqualTo(windows.get(i).getWindow());
    }
    client.requireOneAnswerEach();
    assertThat(client.readAll(Topics.ANSWERS))
        .extracting(Answer::getStandingId)
        .containsOnly("car");
    assertThat(answers).extracting(Answer::getText).contains("white");
    assertThat(client.readAll(Topics.ALERTS))
        .singleElement()
        .satisfies(alert -> assertAlert(alert, answers));
    assertThat(client.readAll(Topics.SAMPLING_REQUESTS)).isEmpty();
  }

  /**
   * Waits until the router has read all of a topic with one partition, which it does on another
   * thread than the windows: until it has buried what comes last there.
   */
  private void awaitRead(Topic<?> topic) {
    client.send(topic, "x", new byte[] {1});
    patiently()
        .until(
            () ->
                client.readAll(Topics.DEAD_LETTERS).stream()
                    .anyMatch(letter -> letter.getTopic().equals(bus.name(topic))));
  }

  private static void assertAlert(Alert alert, List<Answer> answers) {
    assertThat(alert.getQuestionId()).isEqualTo("car");
    assertThat(alert.getAnswer().getText()).isEqualTo("white");
    assertThat(answers).contains(alert.getAnswer());
  }
}
