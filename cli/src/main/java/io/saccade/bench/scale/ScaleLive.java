package io.saccade.bench.scale;

import com.google.protobuf.MessageLite;
import com.google.protobuf.util.Durations;
import io.saccade.bus.BusConfig;
import io.saccade.bus.ContractProducer;
import io.saccade.cli.local.Lifecycle;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.LiveOptions;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterConfig;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.sampler.FrameSampler;
import io.saccade.sampler.SamplerConfig;
import io.saccade.sampler.feed.FeedConfig;
import io.saccade.telemetry.Label;
import io.saccade.telemetry.SkipReason;
import io.saccade.telemetry.Telemetry;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.isolation.IsolatedSampler;
import io.saccade.worker.SimulatedEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Synthetic live feeds through one sampler and one router to one worker. */
final class ScaleLive {

  /** Id of the standing question. */
  static final String STANDING = "standing";

  private static final int PARTITIONS = 8;
  private static final String LABEL = "bench";

  private final ScaleBus bench;
  private final QuestionRouter router;
  private final FrameSampler sampler;
  private final ContractProducer producer;
  private final Duration window;
  private final Map<String, Instant> withdrawn = new HashMap<>();

  /**
   * Starts everything; no feed yet.
   *
   * @param lifecycle takes over what is started
   * @param feeds most of them
   * @param window length of each window; they do not overlap
   * @param latency of the simulated engine
   */
  ScaleLive(Lifecycle lifecycle, int feeds, Duration window, Duration latency)
      throws InterruptedException {
    this.window = window;
    this.bench = new ScaleBus(lifecycle, PARTITIONS, Map.of());
    BusConfig bus = bench.bus();
    this.producer = lifecycle.add(new ContractProducer(bus));
    this.router =
        lifecycle.start(
            new QuestionRouter(RouterConfig.defaults(bus, bench.folder().resolve("router"))));
    SamplerConfig config =
        SamplerConfig.defaults(bus, AccessConfig.files(List.of()))
            .withFeeds("bench", FeedConfig.defaults().withMaxFeeds(feeds));
    this.sampler =
        lifecycle.start(
            new FrameSampler(
                config, new IsolatedSampler(config.limits()), new ScaleReader(), Telemetry.none()));
    var unused = bench.worker("worker", latency);
    bench.awaitWorkers(1);
  }

  BusConfig bus() {
    return bench.bus();
  }

  /** The worker's consumer group. */
  String workers() {
    return bench.workers();
  }

  /** Hands over a topic's committed records from now on. */
  <V extends MessageLite> void tail(Topic<V> topic, Consumer<V> each) {
    bench.tail(topic, each);
  }

  /** Prints how many windows the router skipped, by reason; returns how many in all. */
  long printSkipped(ScaleFigures figures, String section) {
    long all = 0;
    for (SkipReason reason : SkipReason.values()) {
      long count = router.counters().skipped(reason);
      figures.count(section, "windows skipped_" + Label.value(reason), count);
      all += count;
    }
    return all;
  }

  FrameSampler sampler() {
    return sampler;
  }

  /** Asks all feeds the same of every window. */
  void ask(Duration freshness) {
    StandingQuestion standing =
        StandingQuestion.newBuilder()
            .setQuestionId(STANDING)
            .setSelector(LabelSelector.newBuilder().putLabels(LABEL, "yes"))
            .setText("what is to be seen?")
            .setModel(SimulatedEngine.NAME)
            .setFreshness(Durations.fromMillis(freshness.toMillis()))
            .setReportSkipped(true)
            .build();
    producer.send(Topics.STANDING_QUESTIONS, standing.getQuestionId(), standing).join();
  }

  /** Adds the feeds of these numbers. */
  void add(int from, int to) {
    for (int i = from; i < to; i++) {
      VideoReference video =
          VideoReference.newBuilder()
              .setVideoId(video(i))
              .setUri("rtsp://127.0.0.1/" + i)
              .setKind(VideoKind.VIDEO_KIND_LIVE)
              .setLive(LiveOptions.newBuilder().setWindow(Durations.fromMillis(window.toMillis())))
              .putLabels(LABEL, "yes")
              .build();
      producer.send(Topics.VIDEOS, video.getVideoId(), video).join();
    }
  }

  /** Withdraws the feeds of these numbers. */
  void remove(int from, int to) {
    for (int i = from; i < to; i++) {
      withdrawn.put(video(i), Instant.now());
      producer.send(Topics.VIDEOS, video(i), null).join();
    }
  }

  /** When a feed was withdrawn, if it was. */
  Instant withdrawn(String video) {
    return withdrawn.getOrDefault(video, Instant.MAX);
  }

  /** Waits until the sampler follows so many feeds. */
  void awaitFollowing(int feeds) throws InterruptedException {
    ScaleBus.await(
        feeds + " feeds are followed", () -> sampler.feedStatistics().following() == feeds);
  }

  private static String video(int number) {
    return "feed-%04d".formatted(number);
  }
}
