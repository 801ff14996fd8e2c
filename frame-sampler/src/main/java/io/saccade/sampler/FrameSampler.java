package io.saccade.sampler;

import io.saccade.bus.ContractProducer;
import io.saccade.bus.Role;
import io.saccade.bus.Work;
import io.saccade.bus.WorkHandler;
import io.saccade.bus.WorkLoop;
import io.saccade.proto.FrameEncoding;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.SamplingTimings;
import io.saccade.sampler.feed.FeedStatistics;
import io.saccade.sampler.feed.LiveFeeds;
import io.saccade.sampler.record.BadRequestException;
import io.saccade.sampler.record.Manifests;
import io.saccade.sampler.record.SampleSpecs;
import io.saccade.sampler.record.SamplingFailures;
import io.saccade.telemetry.Health;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Telemetry;
import io.saccade.telemetry.Tracing;
import io.saccade.video.LiveReader;
import io.saccade.video.SampleSpec;
import io.saccade.video.SourceFacts;
import io.saccade.video.VideoException;
import io.saccade.video.access.OpenedVideo;
import io.saccade.video.access.VideoAccess;
import io.saccade.video.isolation.IsolatedSampler;
import io.saccade.video.live.IsolatedLiveReader;
import io.saccade.video.live.LiveConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frame sampler. As a member of the group on {@code sampling-requests} it publishes each asked
 * clip's frames, waits for all acknowledgements, publishes the manifest and only then finishes the
 * request. A crash anywhere in between leaves frames that no manifest names; the request is taken
 * up again.
 *
 * <p>As a member of a second group, on {@code videos}, it follows live feeds and publishes their
 * windows.
 */
public final class FrameSampler implements Role {

  private static final Logger log = LoggerFactory.getLogger(FrameSampler.class);
  private static final String NAME = "sampler";

  /** A decoder asks between packets whether to go on. */
  private static final Duration STOP = Duration.ofSeconds(5);

  private final IsolatedSampler video;
  private final VideoAccess access;
  private final FrameEncoding encoding;
  private final Metrics meters;
  private final SamplerMetrics metrics;
  private final Tracing tracing;
  private final ContractProducer outlet;
  private final ExecutorService decoders;
  private final WorkLoop<SamplingRequest> loop;
  private final LiveReader live;

  /** Absent if this sampler leaves all feeds to others. */
  private final Optional<LiveFeeds> feeds;

  private volatile boolean stopped;

  /** Prepares a sampler; {@link #start} starts it, {@link #close} releases it either way. */
  public FrameSampler(SamplerConfig config) {
    this(config, Telemetry.none());
  }

  /** The same, reporting what it does. */
  public FrameSampler(SamplerConfig config, Telemetry telemetry) {
    this(
        config,
        new IsolatedSampler(config.limits()),
        new IsolatedLiveReader(
            new LiveConfig(config.access(), config.feeds().listens(), config.limits())),
        telemetry);
  }

  /** A sampler with decoders of one's own, closed with it. */
  public FrameSampler(SamplerConfig config, IsolatedSampler video, LiveReader live) {
    this(config, video, live, Telemetry.none());
  }

  /**
   * The same, reporting what it does.
   *
   * @param video closed with this sampler
   * @param live closed with this sampler
   * @param telemetry what it reports to
   */
  public FrameSampler(
      SamplerConfig config, IsolatedSampler video, LiveReader live, Telemetry telemetry) {
    this.meters = telemetry.metrics(MetricScope.SAMPLER);
    this.metrics = new SamplerMetrics(meters);
    this.tracing = telemetry.tracing();
    this.video = video;
    this.access = new VideoAccess(config.access());
    this.encoding = config.encoding();
    this.outlet = new ContractProducer(config.bus());
    this.decoders = Executors.newFixedThreadPool(config.threads(), FrameSampler::thread);
    this.loop =
        new WorkLoop<>(
            config.bus(),
            Topics.SAMPLING_REQUESTS,
            new WorkLoop.Options(NAME, "frame-sampler", 2 * config.threads(), config.grace()),
            meters,
            new Handler());
    this.live = live;
    this.feeds =
        config.feeds().maxFeeds() == 0
            ? Optional.empty()
            : Optional.of(
                new LiveFeeds(
                    config.name(),
                    config.bus(),
                    config.encoding(),
                    config.feeds(),
                    live,
                    telemetry.metrics(MetricScope.FEEDS)));
  }

  private static Thread thread(Runnable task) {
    return new Thread(task, "sampler-decoder");
  }

  @Override
  public void start() {
    meters.gauge(Metric.READY, () -> health().isReady() ? 1 : 0);
    loop.start();
    feeds.ifPresent(LiveFeeds::start);
  }

  /** What this sampler's live feeds are doing and have done. */
  public FeedStatistics feedStatistics() {
    return feeds.map(LiveFeeds::statistics).orElse(new FeedStatistics(0, 0, 0, 0));
  }

  @Override
  public CompletionStage<Void> stopped() {
    CompletionStage<Void> first = loop.stopped();
    return feeds.map(also -> first.acceptEither(also.stopped(), end -> {})).orElse(first);
  }

  /** Ready once it is a member of its groups. */
  @Override
  public Health health() {
    Health own = loop.health();
    return feeds.map(also -> Health.worst(List.of(own, also.health()))).orElse(own);
  }

  @Override
  public void close() {
    feeds.ifPresent(LiveFeeds::close);
    live.close();
    loop.close();
    stopped = true; // clips that the grace was too short for
    decoders.shutdown();
    try {
      decoders.awaitTermination(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    video.close();
    outlet.close();
  }

  private void serve(Work<SamplingRequest> work) {
    SamplingRequest request = work.message();
    if (work.cancelled()) {
      work.drop();
      return;
    }
    log.info(
        "event=sampling video_id={} clip_id={} attempt={}",
        request.getVideoId(),
        request.getClipId(),
        request.getAttempt());
    SamplingSpan span = new SamplingSpan(tracing, request, work.traceparent());
    ClipManifest manifest = sample(work);
    if (manifest == null) {
      span.abandoned();
      return;
    }
    log(manifest);
    metrics.sampled(manifest);
    span.sampled(manifest);
    work.doneWhen(
        () -> outlet.send(Topics.CLIPS, request.getVideoId(), manifest, span.traceparent()));
  }

  private static void log(ClipManifest manifest) {
    if (manifest.hasFailure()) {
      Failure reason = manifest.getFailure();
      log.warn(
          "event=sampling_failed clip_id={} code={} reason=\"{}\"",
          manifest.getClipId(),
          reason.getCode(),
          reason.getMessage());
    } else {
      log.info(
          "event=sampled clip_id={} frames={}", manifest.getClipId(), manifest.getFramesCount());
    }
  }

  /** The clip's manifest, or null when the sampler stopped on the way. */
  private ClipManifest sample(Work<SamplingRequest> work) {
    SamplingRequest request = work.message();
    ClipManifest.Builder manifest = manifest(request);
    try {
      publish(work, manifest, SampleSpecs.spec(request));
    } catch (BadRequestException e) {
      manifest.setFailure(SamplingFailures.of(FailureCode.SAMPLING_FAILED, e.getMessage()));
    } catch (VideoException e) {
      if (e.category() == VideoException.Category.CANCELLED) {
        return null;
      }
      manifest.clearFrames().setFailure(SamplingFailures.of(e));
    } catch (CompletionException e) {
      manifest.clearFrames().setFailure(SamplingFailures.of(e.getCause()));
    } catch (RuntimeException | Error e) { // unanswered, it would hold up its partition
      log.error("event=sampler_error clip_id={}", request.getClipId(), e);
      manifest.clearFrames().setFailure(SamplingFailures.of(e));
    }
    return manifest.setSampledAt(Times.proto(Instant.now())).build();
  }

  private static ClipManifest.Builder manifest(SamplingRequest request) {
    ClipManifest.Builder manifest =
        ClipManifest.newBuilder()
            .setClipId(request.getClipId())
            .setVideoId(request.getVideoId())
            .setAttempt(request.getAttempt())
            .setProfile(request.getProfile());
    return request.hasRange() ? manifest.setRange(request.getRange()) : manifest;
  }

  private void publish(Work<SamplingRequest> work, ClipManifest.Builder manifest, SampleSpec spec)
      throws VideoException {
    SamplingRequest request = work.message();
    Duration queued = work.age(Instant.now());
    ClipPublisher frames = new ClipPublisher(request, encoding, this::send);
    long begin = System.nanoTime();
    SourceFacts facts = decode(request, spec, frames);
    long decoded = System.nanoTime();
    frames.awaitInto(manifest);
    manifest
        .setSource(Manifests.source(facts))
        .setTimings(
            SamplingTimings.newBuilder()
                .setQueue(Times.proto(queued))
                .setDecode(Times.proto(Duration.ofNanos(decoded - begin)))
                .setPublish(Times.proto(Duration.ofNanos(System.nanoTime() - decoded))));
  }

  private SourceFacts decode(SamplingRequest request, SampleSpec spec, ClipPublisher frames)
      throws VideoException {
    try (OpenedVideo opened = access.open(request.getUri(), () -> stopped)) {
      return video.sample(opened.file(), spec, frames, () -> stopped);
    }
  }

  private CompletableFuture<RecordMetadata> send(String videoId, FrameTensor frame) {
    return metrics.sent(frame.getData().size(), outlet.send(Topics.FRAMES, videoId, frame));
  }

  /** What becomes of requests. */
  private final class Handler implements WorkHandler<SamplingRequest> {

    @Override
    public void begin(Work<SamplingRequest> work) {
      decoders.execute(() -> serve(work));
    }

    @Override
    public void condemned(Work<SamplingRequest> work) {
      ClipManifest manifest =
          manifest(work.message())
              .setFailure(
                  SamplingFailures.of(
                      FailureCode.SAMPLING_FAILED,
                      "the sampler's process ended each time that it tried this video alone; see its"
                          + " log"))
              .setSampledAt(Times.proto(Instant.now()))
              .build();
      log(manifest);
      metrics.sampled(manifest);
      work.doneWhen(
          () -> outlet.send(Topics.CLIPS, manifest.getVideoId(), manifest, work.traceparent()));
    }
  }
}
