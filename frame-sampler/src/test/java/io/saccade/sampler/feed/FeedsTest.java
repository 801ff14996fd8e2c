package io.saccade.sampler.feed;

import static io.saccade.proto.v1.FeedState.CONNECTING;
import static io.saccade.proto.v1.FeedState.ENDED;
import static io.saccade.proto.v1.FeedState.LIVE;
import static io.saccade.proto.v1.FeedState.LOST;
import static io.saccade.proto.v1.FeedState.STALLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.Times;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.proto.v1.VideoReference;
import io.saccade.sampler.record.BadRequestException;
import io.saccade.video.LiveSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedsTest {

  private final FeedBench bench = new FeedBench();
  private final Feeds feeds = new Feeds(bench.tools(8, Long.MAX_VALUE));

  /** Every connection is lost at once, so that each feed waits in a pause. */
  @BeforeEach
  void loseAll() {
    for (int i = 0; i < 20; i++) {
      bench.scripts.add(
          sink -> {
            throw FeedBench.lost();
          });
    }
  }

  @Test
  void aFeedWaitsForAProfile() throws Exception {
    feeds.follow(video("a", "rtsp://camera/a"));
    assertThat(bench.followed).isEmpty();

    feeds.profiles(Set.of(profile(4)));

    assertThat(bench.followed).containsExactly(LiveSource.of("rtsp://camera/a"));
  }

  @Test
  void eachDistinctProfileIsFollowed() throws Exception {
    feeds.profiles(Set.of(profile(4), profile(8)));
    feeds.follow(video("a", "rtsp://camera/a"));
    assertThat(bench.followed).hasSize(2);

    feeds.profiles(Set.of(profile(8), profile(16)));

    assertThat(bench.followed).hasSize(3);
    assertThat(bench.timers).filteredOn(timer -> timer.isCancelled()).hasSize(1);
  }

  @Test
  void theSamePlanChangesNothingAndAnotherOneRestarts() throws Exception {
    feeds.profiles(Set.of(profile(4)));
    feeds.follow(video("a", "rtsp://camera/a"));
    feeds.follow(video("a", "rtsp://camera/a").toBuilder().putLabels("site", "gate-3").build());
    assertThat(bench.followed).hasSize(1);

    VideoReference.Builder changed = video("a", "rtsp://camera/a").toBuilder();
    changed.getLiveBuilder().setWindow(Times.proto(Duration.ofSeconds(4)));
    feeds.follow(changed.build());

    assertThat(bench.followed).hasSize(2);
    assertThat(bench.timers.peekFirst().isCancelled()).isTrue();
    assertThat(bench.timers.peekLast().isCancelled()).isFalse();
    assertThat(bench.states()).containsExactly(CONNECTING, LOST, CONNECTING, LOST);
  }

  @Test
  void aFeedThatEndedBeginsAnewWhenItIsPublishedAgain() throws Exception {
    bench.scripts.addFirst(
        sink -> {
          throw FeedBench.refused();
        });
    feeds.profiles(Set.of(profile(4)));
    feeds.follow(video("a", "rtsp://camera/a"));

    feeds.follow(video("a", "rtsp://camera/a"));

    assertThat(bench.states()).containsExactly(CONNECTING, ENDED, CONNECTING, LOST);
  }

  @Test
  void aForgottenFeedStops() throws Exception {
    feeds.profiles(Set.of(profile(4)));
    feeds.follow(video("a", "rtsp://camera/a"));
    feeds.stop("a", FeedEnding.WITHDRAWN);
    feeds.stop("b", FeedEnding.WITHDRAWN);

    assertThat(bench.states()).containsExactly(CONNECTING, LOST, ENDED);
    assertThat(bench.timers.peek().isCancelled()).isTrue();
    assertThat(feeds.settled()).isDone();
  }

  @Test
  void aSamplerThatStopsSaysSoOfEachVideoOnce() throws Exception {
    feeds.profiles(Set.of(profile(4), profile(8)));
    feeds.follow(video("a", "rtsp://camera/a"));
    feeds.stop("a", FeedEnding.STOPPING);

    assertThat(bench.states()).containsExactly(CONNECTING, LOST, CONNECTING, LOST, LOST);
    assertThat(bench.last().getReason().getMessage()).contains("the sampler stops");
    assertThat(feeds.settled()).isDone();
  }

  @Test
  void theBestOfAVideosFeedsIsReported() throws Exception {
    bench.scripts.clear();
    List<Runnable> connections = new ArrayList<>();
    bench.threads = connections::add;
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.threads = Runnable::run;
          connections.remove(0).run(); // the other one connects and is lost
          sink.stalled();
          throw FeedBench.lost();
        });
    bench.scripts.add(
        sink -> {
          throw FeedBench.refused();
        });
    feeds.profiles(Set.of(profile(4), profile(8)));
    feeds.follow(video("a", "rtsp://camera/a"));

    connections.remove(0).run();

    assertThat(bench.states()).containsExactly(CONNECTING, LIVE, STALLED, LOST);
    assertThat(bench.statuses).extracting(FeedStatus::getVideoId).containsOnly("a");
  }

  @Test
  void whenTheBestFeedsProfileGoesTheNextBestIsReported() throws Exception {
    bench.scripts.addFirst(
        sink -> {
          throw FeedBench.refused();
        });
    feeds.profiles(Set.of(profile(4)));
    feeds.follow(video("a", "rtsp://camera/a"));
    feeds.profiles(Set.of(profile(4), profile(8)));
    assertThat(bench.states()).containsExactly(CONNECTING, ENDED, CONNECTING, LOST);

    feeds.profiles(Set.of(profile(4)));

    assertThat(bench.states()).containsExactly(CONNECTING, ENDED, CONNECTING, LOST, ENDED);
  }

  @Test
  void withoutAModelAFeedIsLostUntilOneComes() throws Exception {
    feeds.profiles(Set.of(profile(4)));
    feeds.follow(video("a", "rtsp://camera/a"));

    feeds.profiles(Set.of());
    assertThat(bench.states()).containsExactly(CONNECTING, LOST, LOST);
    assertThat(bench.last().getReason().getMessage()).contains("no model is announced");
    assertThat(bench.last().getReason().getPassing()).isTrue();

    feeds.profiles(Set.of(profile(4)));
    assertThat(bench.states()).containsExactly(CONNECTING, LOST, LOST, CONNECTING, LOST);
  }

  @Test
  void optionsOutsideTheContractEndTheFeedAtOnce() throws Exception {
    feeds.profiles(Set.of(profile(4)));
    feeds.follow(video("a", "rtsp://camera/a"));
    VideoReference.Builder bad = video("a", "rtsp://camera/a").toBuilder();
    bad.getLiveBuilder().setWindow(Times.proto(Duration.ofHours(1)));

    feeds.follow(bad.build());

    assertThat(bench.states()).containsExactly(CONNECTING, LOST, ENDED);
    assertThat(bench.last().getReason().getCode()).isEqualTo(FailureCode.VIDEO_REFUSED);
    assertThat(bench.last().getReason().getMessage()).contains("window=PT1H");
    assertThat(bench.timers.peek().isCancelled()).isTrue();
  }

  private static VideoReference video(String id, String uri) {
    return VideoReference.newBuilder().setVideoId(id).setUri(uri).build();
  }

  private static FeedProfile profile(int frames) throws BadRequestException {
    return FeedProfile.of(FeedBench.profile(frames));
  }
}
