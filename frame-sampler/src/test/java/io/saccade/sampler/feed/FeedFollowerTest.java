package io.saccade.sampler.feed;

import static io.saccade.proto.v1.FeedState.CONNECTING;
import static io.saccade.proto.v1.FeedState.ENDED;
import static io.saccade.proto.v1.FeedState.LOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.saccade.proto.Parsed;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import io.saccade.video.LiveSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sampler follows, given what its consumers see; every connection is lost at once. */
class FeedFollowerTest {

  private static final TopicPartition ZERO = new TopicPartition("videos", 0);
  private static final TopicPartition ONE = new TopicPartition("videos", 1);
  private static final TopicPartition MODELS = new TopicPartition("models", 0);

  private final FeedBench bench = new FeedBench();
  private final FeedContext tools = bench.tools(8, Long.MAX_VALUE);
  private final MockConsumer<String, Parsed<VideoReference>> videos = new MockConsumer<>("none");
  private final MockConsumer<String, Parsed<ModelCard>> models = new MockConsumer<>("none");
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private double answers;
  private FeedFollower follower;

  @BeforeEach
  void open() {
    for (int i = 0; i < 50; i++) {
      bench.scripts.add(
          sink -> {
            throw FeedBench.lost();
          });
    }
    videos.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
    videos.updateEndOffsets(Map.of(ZERO, 0L, ONE, 0L));
    models.updateBeginningOffsets(Map.of(MODELS, 0L));
    models.updateEndOffsets(Map.of(MODELS, 0L));
    GroupLease tenure = new GroupLease(() -> answers, Duration.ofSeconds(10), tools.clock());
    follower =
        new FeedFollower(
            "videos", videos, new ProfileLog("models", models), tenure, new Feeds(tools));
    follower.subscribe();
  }

  @Test
  void onlyTheLastWordOnAVideoCountsWhenAPartitionComes() {
    announce();
    videos.rebalance(List.of(ZERO));
    videos.updateEndOffsets(Map.of(ZERO, 4L));
    write(ZERO, "a", live("a", "rtsp://old/a"));
    write(ZERO, "b", live("b", "rtsp://camera/b"));
    follower.turn();
    assertThat(bench.followed).as("not known to its end").isEmpty();

    write(ZERO, "a", live("a", "rtsp://new/a"));
    write(ZERO, "b", null);
    follower.turn();

    assertThat(bench.followed).containsExactly(LiveSource.of("rtsp://new/a"));
  }

  @Test
  void filesAndWhatDoesNotParseAreNotFollowed() {
    announce();
    videos.rebalance(List.of(ZERO));
    write(ZERO, "file", live("file", "file:/v.mp4").toBuilder().clearKind().build());
    write(ZERO, "other", live("a", "rtsp://camera/a"));
    write(ZERO, null, live("a", "rtsp://camera/a"));
    malformed("bytes");
    follower.turn();

    assertThat(bench.followed).isEmpty();
  }

  @Test
  void whatDoesNotParseLeavesAFeedAlone() {
    announce();
    videos.rebalance(List.of(ZERO));
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    follower.turn();
    malformed("a");
    follower.turn();

    assertThat(bench.states()).containsExactly(CONNECTING, LOST);
  }

  @Test
  void aFeedIsFollowedChangedAndForgotten() {
    announce();
    videos.rebalance(List.of(ZERO, ONE));
    follower.turn();
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    follower.turn();
    write(ZERO, "a", live("a", "rtsp://camera/b"));
    follower.turn();
    write(ZERO, "a", null);
    follower.turn();

    assertThat(bench.followed)
        .containsExactly(LiveSource.of("rtsp://camera/a"), LiveSource.of("rtsp://camera/b"));
    assertThat(bench.states()).containsExactly(CONNECTING, LOST, CONNECTING, LOST, ENDED);
  }

  @Test
  void aPartitionThatGoesStopsItsFeedsAndNoOthers() {
    announce();
    videos.rebalance(List.of(ZERO, ONE));
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    write(ONE, "b", live("b", "rtsp://camera/b"));
    follower.turn();

    videos.rebalance(List.of(ONE));

    assertThat(bench.states()).as("the next owner reports").hasSize(4);
    assertThat(bench.timers).filteredOn(timer -> timer.isCancelled()).hasSize(1);
  }

  @Test
  void aPartitionThatComesBackIsReadAgain() {
    announce();
    videos.rebalance(List.of(ZERO));
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    follower.turn();
    videos.rebalance(List.of());
    videos.rebalance(List.of(ZERO));
    ends.clear();
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    follower.turn();

    assertThat(bench.followed).hasSize(2);
  }

  @Test
  void aSilentCoordinatorStopsAllFeedsWithoutAWordUntilItSpeaksAgain() {
    announce();
    videos.rebalance(List.of(ZERO));
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    answers = 1;
    follower.turn();
    bench.now = FeedBench.START.plusSeconds(10);
    follower.turn();
    assertThat(bench.timers.peek().isCancelled()).isFalse();

    bench.now = FeedBench.START.plusMillis(10_001);
    follower.turn();
    assertThat(bench.timers.peek().isCancelled()).isTrue();
    assertThat(bench.statuses).extracting(FeedStatus::getState).containsExactly(CONNECTING, LOST);
    follower.turn();
    assertThat(bench.followed).hasSize(1);

    answers = 2;
    follower.turn();
    assertThat(bench.followed).as("it may say yet that we are out").hasSize(1);
    bench.now = bench.now.plusMillis(3_334);
    follower.turn();
    assertThat(bench.followed).hasSize(2);
  }

  @Test
  void aFeedThatIsWithdrawnInDoubtStopsWithItsPartition() {
    announce();
    videos.rebalance(List.of(ZERO, ONE));
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    follower.turn();
    bench.now = FeedBench.START.plusSeconds(60);
    bench.mayReport = false;
    write(ZERO, "a", null);
    follower.turn();

    videos.rebalance(List.of(ONE));

    assertThat(bench.timers.peek().isCancelled()).isTrue();
    assertThat(bench.states()).containsExactly(CONNECTING, LOST);
  }

  @Test
  void aFeedThatIsWithdrawnInDoubtEndsWhenThatIsCertain() {
    announce();
    videos.rebalance(List.of(ZERO));
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    follower.turn();
    bench.now = FeedBench.START.plusSeconds(60);
    bench.mayReport = false;
    write(ZERO, "a", null);
    follower.turn();
    answers = 1;
    follower.turn();

    bench.now = bench.now.plusMillis(3_334);
    bench.mayReport = true;
    follower.turn();

    assertThat(bench.states()).containsExactly(CONNECTING, LOST, ENDED);
  }

  @Test
  void whoWakesUpAfterASessionBelievesNothingAtFirst() {
    announce();
    videos.rebalance(List.of(ZERO));
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    follower.turn();

    bench.now = FeedBench.START.plusSeconds(60);
    answers = 1;
    follower.turn();

    assertThat(bench.timers.peek().isCancelled()).isTrue();
    assertThat(bench.followed).hasSize(1);
  }

  @Test
  void feedsWaitForTheModelsToBeKnown() {
    videos.rebalance(List.of(ZERO));
    write(ZERO, "a", live("a", "rtsp://camera/a"));
    models.updateEndOffsets(Map.of(MODELS, 2L));
    model(0, "one", 4);
    follower.turn();
    assertThat(bench.followed).isEmpty();

    model(1, "two", 4);
    follower.turn();
    assertThat(bench.followed).as("of the same profile").hasSize(1);

    models.updateEndOffsets(Map.of(MODELS, 4L));
    model(2, "three", 8);
    model(3, "bad", 0);
    follower.turn();
    assertThat(bench.followed).as("a second profile").hasSize(2);
  }

  private void announce() {
    models.updateEndOffsets(Map.of(MODELS, 1L));
    model(0, "model", 4);
  }

  private void model(long offset, String name, int frames) {
    ModelCard card =
        ModelCard.newBuilder().setName(name).setProfile(FeedBench.profile(frames)).build();
    models.addRecord(record(MODELS, offset, name, new Parsed.Valid<>(card)));
  }

  /** The end grows with what is written, unless it was set further. */
  private void write(TopicPartition partition, String key, VideoReference video) {
    long offset = ends.merge(partition, 1L, Long::sum) - 1;
    videos.addRecord(
        record(partition, offset, key, video == null ? null : new Parsed.Valid<>(video)));
    Map<TopicPartition, Long> known = videos.endOffsets(List.of(partition));
    if (known.get(partition) <= offset) {
      videos.updateEndOffsets(Map.of(partition, offset + 1));
    }
  }

  private void malformed(String key) {
    long offset = ends.merge(ZERO, 1L, Long::sum) - 1;
    videos.addRecord(record(ZERO, offset, key, new Parsed.Malformed<>(new byte[1], "no message")));
    videos.updateEndOffsets(Map.of(ZERO, offset + 1));
  }

  private static <V extends MessageLite> ConsumerRecord<String, Parsed<V>> record(
      TopicPartition partition, long offset, String key, Parsed<V> value) {
    return new ConsumerRecord<>(partition.topic(), partition.partition(), offset, key, value);
  }

  private static VideoReference live(String id, String uri) {
    return VideoReference.newBuilder()
        .setVideoId(id)
        .setUri(uri)
        .setKind(VideoKind.VIDEO_KIND_LIVE)
        .build();
  }
}
