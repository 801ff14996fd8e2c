package io.saccade.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.proto.LiveTimes;
import io.saccade.proto.Times;
import io.saccade.proto.v1.LiveOptions;
import io.saccade.proto.v1.VideoReference;
import io.saccade.sampler.record.BadRequestException;
import io.saccade.video.LiveSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedPlanTest {

  @Test
  void tenSecondsOneBehindTheOtherUnlessAskedOtherwise() throws BadRequestException {
    FeedPlan plan = FeedPlan.of(video("rtsp://camera/1", LiveOptions.getDefaultInstance()));

    assertThat(plan)
        .isEqualTo(
            new FeedPlan(
                new LiveSource("rtsp://camera/1", 1),
                new LiveTimes(Duration.ofSeconds(10), Duration.ofSeconds(10))));
  }

  @Test
  void theHopIsTheWindowUnlessAskedOtherwise() throws BadRequestException {
    LiveOptions live = options(4_000, -1).setSpeed(2.5).build();

    FeedPlan plan = FeedPlan.of(video("file:/v/a.mp4", live));

    assertThat(plan.times().hop()).isEqualTo(Duration.ofSeconds(4));
    assertThat(plan.source().speed()).isEqualTo(2.5);
  }

  @Test
  void labelsAreNoPartOfIt() throws BadRequestException {
    VideoReference video = video("rtsp://camera/1", LiveOptions.getDefaultInstance());

    assertThat(FeedPlan.of(video.toBuilder().putLabels("site", "gate-3").build()))
        .isEqualTo(FeedPlan.of(video));
  }

  @ParameterizedTest
  @CsvSource({"499, -1, window", "600001, -1, window", "10000, 99, hop", "10000, 3600001, hop"})
  void timesOutsideTheContractAreRefused(long window, long hop, String name) {
    VideoReference video = video("rtsp://camera/1", options(window, hop).build());

    assertThatThrownBy(() -> FeedPlan.of(video))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContainingAll(name, "must be");
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 100.5, Double.NaN, Double.POSITIVE_INFINITY})
  void aPaceOutsideTheContractIsRefused(double speed) {
    VideoReference video = video("file:/v/a.mp4", LiveOptions.newBuilder().setSpeed(speed).build());

    assertThatThrownBy(() -> FeedPlan.of(video))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("speed");
  }

  @Test
  void onlyAFileHasAPace() {
    VideoReference video = video("rtsp://camera/1", LiveOptions.newBuilder().setSpeed(2).build());

    assertThatThrownBy(() -> FeedPlan.of(video))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("file");
  }

  private static VideoReference video(String uri, LiveOptions live) {
    return VideoReference.newBuilder().setVideoId("v").setUri(uri).setLive(live).build();
  }

  private static LiveOptions.Builder options(long window, long hop) {
    LiveOptions.Builder live =
        LiveOptions.newBuilder().setWindow(Times.proto(Duration.ofMillis(window)));
    if (hop >= 0) {
      live.setHop(Times.proto(Duration.ofMillis(hop)));
    }
    return live;
  }
}
