package io.saccade.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.FeedState;
import io.saccade.telemetry.Metric;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FeedMetricsTest {

  private final FeedBench bench = new FeedBench();
  private final FeedContext tools = bench.tools(8, Long.MAX_VALUE);

  @Test
  void aFeedCountsInTheStateThatItIsIn() throws Exception {
    List<Double> live = new ArrayList<>();
    bench.scripts.add(
        sink -> {
          sink.session(FeedBench.facts());
          bench.play(sink, 0, 250, 500, 750, 1_000);
          live.add(in(FeedState.LIVE));
          throw FeedBench.lost();
        });
    bench.scripts.add(
        sink -> {
          throw FeedBench.refused();
        });

    Feed feed = FeedTest.feed(tools);
    feed.start();
    assertThat(live).containsExactly(1.0);
    assertThat(in(FeedState.LIVE)).isZero();
    assertThat(in(FeedState.LOST)).isEqualTo(1);

    bench.endPause();
    for (FeedState state : List.of(FeedState.CONNECTING, FeedState.LIVE, FeedState.LOST)) {
      assertThat(in(state)).as("one that has ended is not followed").isZero();
    }
    assertThat(bench.metrics.value(Metric.FEED_CONNECTS)).isEqualTo(2);
    assertThat(bench.metrics.value(Metric.FEED_FRAMES)).isEqualTo(5);
    assertThat(bench.metrics.value(Metric.FEED_WINDOWS)).isEqualTo(bench.clips.size());
  }

  @Test
  void aFeedThatIsStoppedIsFollowedNoMore() throws Exception {
    bench.scripts.add(
        sink -> {
          throw FeedBench.lost();
        });
    Feed feed = FeedTest.feed(tools);
    feed.start();
    assertThat(in(FeedState.LOST)).isEqualTo(1);

    feed.stop().join();

    assertThat(in(FeedState.LOST)).isZero();
  }

  private double in(FeedState state) {
    return bench.metrics.value(Metric.FEEDS, state);
  }
}
