package io.saccade.worker;

import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Priority;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Telemetry;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** A batcher whose turns, clock and frames the test drives. */
final class BatcherHarness implements AutoCloseable {

  private static final long READ_BYTES = 256 << 20;
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  final FakeEngine engine = new FakeEngine();
  final Metrics metrics = Telemetry.none().metrics(MetricScope.WORKER);
  final Map<String, Asked> asked = new HashMap<>();

  /** Reads that wait, where {@link #holdFrames} said so. */
  final Deque<Runnable> reads = new ArrayDeque<>();

  /** Told of each clip before its frames are read; may throw. */
  Consumer<ClipManifest> beforeRead = clip -> {};

  final ClipCache cache;
  final Batcher batcher;
  final long budget;
  private Instant now = START;
  private boolean held;

  BatcherHarness(long budget, int maxBatch) {
    this.budget = budget;
    cache = new ClipCache(budget, metrics);
    batcher =
        new Batcher(
            engine,
            cache,
            new ClipReader(
                (clip, cancelled) -> frames(clip),
                task -> {
                  reads.add(task);
                  if (!held) {
                    read();
                  }
                },
                metrics),
            new Results("worker-1"),
            metrics,
            maxBatch,
            READ_BYTES,
            new Now());
  }

  /** The frames of a clip: each pixel of one has its index as its grey level. */
  private List<ByteBuffer> frames(ClipManifest clip) {
    beforeRead.accept(clip);
    return clip.getFramesList().stream()
        .map(entry -> ByteBuffer.wrap(new byte[] {(byte) entry.getFrameIndex()}))
        .toList();
  }

  /** From now on frames come only by {@link #read}. */
  void holdFrames() {
    held = true;
  }

  /** Reads the frames of the clip that waits longest, if any. */
  void read() {
    Runnable read = reads.poll();
    if (read != null) {
      read.run();
    }
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /** A clip of so many frames; frame i is as grey as its number and i make it. */
  static ClipManifest clip(int number, int frames) {
    return ClipManifest.newBuilder()
        .setClipId("clip-" + number)
        .setProfile(SamplingProfile.newBuilder().setImageSize(FakeEngine.SIZE))
        .addAllFrames(
            IntStream.range(0, frames)
                .mapToObj(
                    i ->
                        FrameEntry.newBuilder()
                            .setPosition(i)
                            .setFrameIndex(number * 10 + i)
                            .setPts(Times.proto(Duration.ofMillis(500L * i)))
                            .build())
                .toList())
        .build();
  }

  /** What an engine that is asked alone answers. */
  static String answer(ClipManifest clip, String text) {
    return text + clip.getFramesList().stream().map(FrameEntry::getFrameIndex).toList();
  }

  Asked ask(String id, ClipManifest clip, String text) {
    return ask(question(id, text), clip);
  }

  Asked ask(Question.Builder question, ClipManifest clip) {
    return ask(question, clip, Priority.ON_DEMAND);
  }

  /** A window of a standing question, which must be answered in so much time. */
  Asked askStanding(String id, ClipManifest clip, Duration left) {
    return ask(question(id, id).setDeadline(in(left)), clip, Priority.STANDING);
  }

  Asked ask(Question.Builder question, ClipManifest clip, Priority priority) {
    Asked reply = new Asked();
    asked.put(question.getQuestionId(), reply);
    batcher.submit(
        InferenceRequest.newBuilder()
            .setQuestion(question)
            .setClip(clip)
            .setAttempt(1)
            .setPriority(priority)
            .build(),
        Duration.ofMillis(5),
        reply);
    return reply;
  }

  static Question.Builder question(String id, String text) {
    return Question.newBuilder().setQuestionId(id).setVideoId("v").setModel("fake").setText(text);
  }

  /** A deadline of a question, from now. */
  com.google.protobuf.Timestamp in(Duration time) {
    return Times.proto(now.plus(time));
  }

  /** Turns until nothing is left to do. */
  void finish() {
    while (batcher.turn()) {}
  }

  void turns(int number) {
    for (int i = 0; i < number; i++) {
      batcher.turn();
    }
  }

  double meter(Metric metric) {
    return metrics.value(metric);
  }

  @Override
  public void close() {
    batcher.close();
    if (!engine.allClosed()) {
      throw new AssertionError("something native was left open");
    }
  }

  private final class Now extends Clock {

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
