package io.saccade.sampler.feed;

import com.google.protobuf.MessageLite;
import io.saccade.proto.FrameEncoding;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FeedState;
import io.saccade.proto.v1.FeedStatus;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.ResizeRule;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.sampler.record.ByteBudget;
import io.saccade.sampler.record.FrameWriter;
import io.saccade.sampler.record.RecordSender;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Telemetry;
import io.saccade.video.LiveFrame;
import io.saccade.video.LiveReader;
import io.saccade.video.LiveSink;
import io.saccade.video.LiveSource;
import io.saccade.video.LiveSpec;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** A sampler's surroundings for tests of feeds: all on the test's thread, in the test's time. */
final class FeedBench implements RecordSender, LiveReader {

  static final int SIZE = 16;
  static final int FRAME_BYTES = SIZE * SIZE * 3;
  static final int PARTITION = 3;
  static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  final List<FrameTensor> frames = new ArrayList<>();
  final List<ClipManifest> clips = new ArrayList<>();
  final List<FeedStatus> statuses = new ArrayList<>();

  /** What {@link #follow} does, one script a call; then it is cancelled. */
  final Deque<Script> scripts = new ArrayDeque<>();

  final List<LiveSource> followed = new ArrayList<>();
  final List<LiveSpec> specs = new ArrayList<>();
  final List<Duration> pauses = new ArrayList<>();
  final Deque<FutureTask<Void>> timers = new ArrayDeque<>();
  final Metrics metrics = Telemetry.none().metrics(MetricScope.FEEDS);
  final FeedCounters counters = new FeedCounters(metrics);

  /** Acknowledgements of frames that are held back; null acknowledges at once. */
  Deque<Runnable> unacknowledged;

  /** Run what a sampler's threads would; the test's own unless it says otherwise. */
  Executor threads = Runnable::run;

  Executor reports = Runnable::run;

  /** Fails every frame. */
  RuntimeException refusal;

  boolean mayReport = true;
  BooleanSupplier cancelled;
  Instant now = START;

  /** A source. */
  @FunctionalInterface
  interface Script {

    /** Plays into a sink until the source's end. */
    void play(LiveSink sink) throws VideoException;
  }

  FeedContext tools(int maxFeeds, long bytes) {
    FeedConfig config =
        new FeedConfig(
            List.of(),
            maxFeeds,
            FeedConfig.defaults().bytesInFlight(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10));
    return new FeedContext(
        "sampler",
        config,
        this,
        new FrameWriter(FrameEncoding.RAW, new ByteBudget(bytes), this),
        this,
        new Semaphore(maxFeeds),
        task -> threads.execute(task),
        task -> reports.execute(task),
        this::schedule,
        new BenchClock(),
        counters,
        () -> mayReport,
        new Random(1));
  }

  /** Runs the pause that was asked for first. */
  void endPause() {
    timers.remove().run();
  }

  List<FeedState> states() {
    return statuses.stream().map(FeedStatus::getState).toList();
  }

  FeedStatus last() {
    return statuses.get(statuses.size() - 1);
  }

  @Override
  public void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier isCancelled)
      throws VideoException {
    followed.add(source);
    specs.add(spec);
    cancelled = isCancelled;
    if (scripts.isEmpty()) {
      throw new VideoException(Category.CANCELLED, "cancelled");
    }
    scripts.remove().play(sink);
    if (isCancelled.getAsBoolean()) {
      throw new VideoException(Category.CANCELLED, "cancelled");
    }
  }

  @Override
  public void close() {}

  @Override
  public <V extends MessageLite> CompletableFuture<RecordMetadata> send(
      Topic<V> topic, String key, V message) {
    if (message instanceof FrameTensor frame) {
      return frame(frame);
    }
    if (topic.equals(Topics.CLIPS)) {
      clips.add((ClipManifest) message);
    } else {
      statuses.add((FeedStatus) message);
    }
    return CompletableFuture.completedFuture(at(0));
  }

  private CompletableFuture<RecordMetadata> frame(FrameTensor frame) {
    if (refusal != null) {
      return CompletableFuture.failedFuture(refusal);
    }
    RecordMetadata at = at(100L + frames.size());
    frames.add(frame);
    if (unacknowledged == null) {
      return CompletableFuture.completedFuture(at);
    }
    CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
    unacknowledged.add(() -> sent.complete(at));
    return sent;
  }

  private static RecordMetadata at(long offset) {
    return new RecordMetadata(new TopicPartition("topic", PARTITION), offset, 0, 0, 0, 0);
  }

  private Future<?> schedule(Runnable task, Duration pause) {
    pauses.add(pause);
    FutureTask<Void> timer = new FutureTask<>(task, null);
    timers.add(timer);
    return timer;
  }

  /** Frames at these milliseconds of the session, numbered from 0, received in time. */
  void play(LiveSink sink, long... times) {
    for (int i = 0; i < times.length; i++) {
      now = START.plusMillis(times[i]);
      byte[] grey = new byte[FRAME_BYTES];
      grey[0] = (byte) i;
      sink.frame(
          new LiveFrame(i, Duration.ofMillis(times[i]), now, SIZE, SIZE, ByteBuffer.wrap(grey)));
      sink.progress(Duration.ofMillis(times[i]));
    }
  }

  static VideoException lost() {
    return VideoException.passing(Category.UNREADABLE, "the source is gone", null);
  }

  static VideoException refused() {
    return new VideoException(Category.REFUSED, "the host is not allowed");
  }

  static SourceFacts facts() {
    return new SourceFacts(
        "mpegts",
        "h264",
        64,
        48,
        64,
        48,
        0,
        false,
        0,
        0,
        25,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO);
  }

  /** N frames a window, every second one fast. */
  static SamplingProfile profile(int frames) {
    return SamplingProfile.newBuilder()
        .setFrames(frames)
        .setImageSize(SIZE)
        .setResize(ResizeRule.SQUASH)
        .setPolicy(SamplingPolicy.UNIFORM)
        .setFastStride(2)
        .setMinFastFrames(1)
        .build();
  }

  /** Tells the test's time. */
  private final class BenchClock extends Clock {

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
