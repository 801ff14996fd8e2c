package io.saccade.sampler.feed;

import io.saccade.proto.Digests;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.SamplingTimings;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.Window;
import io.saccade.sampler.record.Manifests;
import io.saccade.sampler.record.Pathways;
import io.saccade.sampler.record.RecordSender;
import io.saccade.sampler.record.SentFrame;
import io.saccade.video.SourceFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Publishes the windows of one feed as clips, in their order, each when all of its frames are
 * acknowledged. Never waits; for one thread but {@link #settled} and {@link #published}.
 */
final class WindowPublisher {

  /** What names the feed's windows, but for the session and the number. */
  private final SamplingRequest clip;

  private final RecordSender bus;
  private final Executor executor;
  private final Clock clock;
  private final FeedCounters counters;
  private final Consumer<Throwable> refused;
  private final AtomicLong published = new AtomicLong();

  /** When the last window so far is published, or is not going to be. */
  private volatile CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);

  /**
   * A publisher of a feed's windows.
   *
   * @param clip video id, uri and profile
   * @param executor sends manifests: a producer's own thread must not
   * @param refused told why a window could not be published
   */
  WindowPublisher(
      SamplingRequest clip,
      RecordSender bus,
      Executor executor,
      Clock clock,
      FeedCounters counters,
      Consumer<Throwable> refused) {
    this.clip = clip;
    this.bus = bus;
    this.executor = executor;
    this.clock = clock;
    this.counters = counters;
    this.refused = refused;
  }

  /** Windows whose manifests are acknowledged. */
  long published() {
    return published.get();
  }

  /** Completes when all windows so far are published or given up. */
  CompletableFuture<Void> settled() {
    return tail;
  }

  /** Takes a window of a session over a source. */
  void publish(FeedWindow window, SourceFacts source) {
    Instant ready = clock.instant();
    CompletableFuture<?>[] frames =
        window.positions().stream()
            .map(SentFrame::acknowledged)
            .distinct()
            .toArray(CompletableFuture<?>[]::new);
    tail =
        tail.thenCompose(before -> CompletableFuture.allOf(frames))
            .thenComposeAsync(
                acknowledged ->
                    bus.send(Topics.CLIPS, clip.getVideoId(), manifest(window, source, ready)),
                executor)
            .handle(this::settle);
  }

  private Void settle(RecordMetadata at, Throwable failure) {
    if (failure == null) {
      published.incrementAndGet();
      counters.published();
    } else {
      counters.dropped(1);
      refused.accept(failure.getCause() == null ? failure : failure.getCause());
    }
    return null;
  }

  private ClipManifest manifest(FeedWindow window, SourceFacts source, Instant ready) {
    Instant now = clock.instant();
    Window proto =
        Window.newBuilder()
            .setSession(window.session())
            .setNumber(window.number())
            .setStream(
                TimeRange.newBuilder()
                    .setFrom(Times.proto(Duration.ofNanos(window.from())))
                    .setTo(Times.proto(Duration.ofNanos(window.to()))))
            .setBegin(Times.proto(window.begin()))
            .setEnd(Times.proto(window.end()))
            .build();
    ClipManifest.Builder manifest =
        ClipManifest.newBuilder()
            .setClipId(digest(proto))
            .setVideoId(clip.getVideoId())
            .setAttempt(1)
            .setProfile(clip.getProfile())
            .setSource(facts(window, source))
            .setTimings(
                SamplingTimings.newBuilder()
                    .setDecode(elapsed(window.end(), ready))
                    .setPublish(elapsed(ready, now)))
            .setSampledAt(Times.proto(now))
            .setWindow(proto);
    addFrames(manifest, stretched(window.positions()));
    return manifest.build();
  }

  private void addFrames(ClipManifest.Builder manifest, List<SentFrame> positions) {
    Pathways pathways = new Pathways(clip.getProfile(), positions.size());
    for (int position = 0; position < positions.size(); position++) {
      SentFrame frame = positions.get(position);
      RecordMetadata at = frame.acknowledged().join();
      manifest
          .setPartition(at.partition())
          .addFrames(
              frame.entry().toBuilder()
                  .setPosition(position)
                  .setPathway(pathways.of(position))
                  .setOffset(at.offset()));
    }
  }

  /** UNIFORM promises N positions: a shorter window repeats frames as a short video does. */
  private List<SentFrame> stretched(List<SentFrame> positions) {
    SamplingProfile profile = clip.getProfile();
    int wanted = profile.getFrames();
    if (profile.getPolicy() != SamplingPolicy.UNIFORM || positions.size() == wanted) {
      return positions;
    }
    List<SentFrame> stretched = new ArrayList<>(wanted);
    for (long i = 0; i < wanted; i++) {
      stretched.add(positions.get((int) (i * (positions.size() - 1) / (wanted - 1))));
    }
    return stretched;
  }

  private static io.saccade.proto.v1.SourceFacts facts(FeedWindow window, SourceFacts source) {
    return Manifests.source(source).toBuilder()
        .setFrameCount((int) window.positions().stream().distinct().count())
        .setDuration(Times.proto(Duration.ofNanos(window.to() - window.from())))
        .build();
  }

  private static com.google.protobuf.Duration elapsed(Instant from, Instant to) {
    Duration elapsed = Duration.between(from, to);
    return Times.proto(elapsed.isNegative() ? Duration.ZERO : elapsed);
  }

  private String digest(Window window) {
    Window named =
        Window.newBuilder().setSession(window.getSession()).setNumber(window.getNumber()).build();
    return Digests.of(clip, named);
  }
}
