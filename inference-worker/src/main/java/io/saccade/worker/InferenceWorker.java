package io.saccade.worker;

import io.saccade.bus.ClipFrame;
import io.saccade.bus.ContractProducer;
import io.saccade.bus.FrameLog;
import io.saccade.bus.FramesExpiredException;
import io.saccade.bus.Problems;
import io.saccade.bus.Role;
import io.saccade.bus.Work;
import io.saccade.bus.WorkHandler;
import io.saccade.bus.WorkLoop;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.Priority;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.telemetry.Health;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Telemetry;
import io.saccade.telemetry.Tracing;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The inference worker: announces its model, then, as a member of the model's group on {@code
 * inference-requests}, answers each request with one result. A request is finished when its result
 * is acknowledged, so one that dies with its worker is answered by another; the router takes the
 * first result and drops the rest.
 */
public final class InferenceWorker implements Role {

  private static final Logger log = LoggerFactory.getLogger(InferenceWorker.class);

  /** Kafka's default of max.request.size and, less a little, of a topic's record limit. */
  private static final long DEFAULT_RECORD_BYTES = 1 << 20;

  /** What a frame's record holds besides its pixels, generously. */
  private static final long RECORD_OVERHEAD = 512;

  private final WorkerConfig config;
  private final Engine engine;
  private final ModelCard card;
  private final Metrics metrics;
  private final Tracing tracing;
  private final ContractProducer outlet;
  private final Results results;
  private final Chunks chunks;
  private final FrameLog frames;
  private final ExecutorService framesThread;
  private final Batcher batcher;
  private final Thread inferenceThread;
  private final WorkLoop<InferenceRequest> loop;
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private volatile boolean announced;
  private boolean closed;

  /** A worker whose metrics nobody but its log collects. */
  public InferenceWorker(WorkerConfig config, Engine engine) {
    this(config, engine, Telemetry.none());
  }

  /**
   * Prepares a worker; {@link #start} starts it, {@link #close} releases it either way.
   *
   * @param engine taken over: closed with the worker
   * @param telemetry what it reports to; its own metrics carry the tag {@code model}
   * @throws io.saccade.bus.ConfigException if the model's frames do not fit a record
   */
  public InferenceWorker(WorkerConfig config, Engine engine, Telemetry telemetry) {
    this.config = config;
    this.engine = engine;
    this.card = engine.card();
    requireFramesFit();
    this.metrics = telemetry.metrics(MetricScope.WORKER, "model", card.getName());
    this.tracing = telemetry.tracing();
    this.outlet = new ContractProducer(config.bus());
    this.results = new Results(config.name());
    this.chunks = new Chunks(outlet);
    this.frames = new FrameLog(config.bus());
    this.framesThread =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "worker-frames"));
    this.batcher =
        new Batcher(
            engine,
            new ClipCache(config.cacheBytes(), metrics),
            new ClipReader(this::read, framesThread, metrics),
            results,
            metrics,
            config.maxBatch(),
            config.readBytes(),
            Clock.systemUTC());
    this.inferenceThread = new Thread(this::infer, "worker-inference");
    this.loop =
        new WorkLoop<>(
            config.bus(),
            Topics.INFERENCE_REQUESTS,
            new WorkLoop.Options(
                "worker",
                "inference-worker." + card.getName(),
                config.maxUnderWay(),
                config.maxAhead(),
                config.maxCrashes(),
                config.grace()),
            metrics,
            new Requests());
  }

  private void requireFramesFit() {
    long size = card.getProfile().getImageSize();
    long needed = size * size * 3 + RECORD_OVERHEAD;
    long limit =
        Long.parseLong(
            config
                .bus()
                .kafka()
                .getOrDefault("max.request.size", Long.toString(DEFAULT_RECORD_BYTES)));
    new Problems()
        .unless(
            needed <= limit,
            "kafka.max.request.size",
            limit,
            "a frame of %d x %d pixels needs %d: raise it here and in the sampler, and max.message.bytes of the frames topic"
                .formatted(size, size, needed))
        .throwIfAny("worker");
  }

  @Override
  public void start() {
    metrics.gauge(Metric.READY, () -> health().isReady() ? 1 : 0);
    var unused =
        loop.insist(() -> outlet.send(Topics.MODELS, card.getName(), card))
            .thenRun(
                () -> {
                  announced = true;
                  log.info("event=model_announced model={}", card.getName());
                });
    inferenceThread.start();
    loop.start();
    var unusedToo =
        loop.stopped()
            .whenComplete(
                (nothing, failure) -> {
                  if (failure == null) {
                    stopped.complete(null);
                  } else {
                    stopped.completeExceptionally(failure);
                  }
                });
  }

  @Override
  public CompletionStage<Void> stopped() {
    return stopped;
  }

  /** Ready once its model is announced and it is a member of the model's group. */
  @Override
  public Health health() {
    return Health.until(
        stopped,
        () ->
            announced
                ? loop.health()
                : Health.starting("its model is loaded and not yet announced"));
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    loop.close();
    batcher.stop();
    chunks.close();
    if (inferenceThread.getState() == Thread.State.NEW) {
      release();
    } else {
      awaitInference();
    }
    framesThread.execute(frames::close);
    framesThread.shutdown();
    outlet.close();
    stopped.complete(null);
  }

  private void awaitInference() {
    try {
      inferenceThread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void infer() {
    try {
      batcher.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) { // nobody may wait for a batcher that is gone
      log.error("event=role_failed role=worker reason=\"{}\"", e.toString(), e);
      stopped.completeExceptionally(e);
    } finally {
      release(); // here, where nothing computes in native memory any more
    }
  }

  private void release() {
    batcher.close();
    engine.close();
  }

  private List<ByteBuffer> read(ClipManifest clip, BooleanSupplier cancelled)
      throws FramesExpiredException {
    return frames.read(clip, Pathway.BOTH, cancelled).stream().map(ClipFrame::rgb).toList();
  }

  /** What becomes of requests. */
  private final class Requests implements WorkHandler<InferenceRequest> {

    @Override
    public void begin(Work<InferenceRequest> work) {
      if (isOurs(work.message())) {
        batcher.submit(work.message(), work.age(Instant.now()), new WorkReply(work));
      } else {
        work.done(); // another model's workers answer it
      }
    }

    @Override
    public void condemned(Work<InferenceRequest> work) {
      if (isOurs(work.message())) {
        Job job = new Job(work.message(), work.age(Instant.now()), new WorkReply(work));
        job.reply().answered(results.crashed(job, config.maxCrashes()));
      } else {
        work.done();
      }
    }

    /** Standing questions give way, those with the nearest deadline least. */
    @Override
    public long rank(InferenceRequest request) {
      if (request.getPriority() != Priority.STANDING) {
        return 0;
      }
      Question question = request.getQuestion();
      return question.hasDeadline()
          ? Math.max(1, Times.millis(question.getDeadline()))
          : Long.MAX_VALUE;
    }

    private boolean isOurs(InferenceRequest request) {
      return request.getQuestion().getModel().equals(card.getName());
    }
  }

  /** A record's reply: its result is acknowledged before it counts as done. */
  private final class WorkReply implements RequestCallback {

    private final Work<InferenceRequest> work;
    private final InferenceSpan span;

    WorkReply(Work<InferenceRequest> work) {
      this.work = work;
      this.span = new InferenceSpan(tracing, work.message(), work.traceparent());
    }

    @Override
    public boolean cancelled() {
      return work.cancelled();
    }

    @Override
    public void chunk(AnswerChunk chunk) {
      chunks.send(chunk);
    }

    @Override
    public void answered(Result result) {
      if (result.hasFailure()) {
        metrics.count(Metric.RESULTS_FAILED, result.getFailure().getCode());
      } else {
        metrics.count(Metric.RESULTS_ANSWERED);
      }
      span.answered(result);
      work.doneWhen(
          () -> outlet.send(Topics.RESULTS, result.getVideoId(), result, span.traceparent()));
    }

    @Override
    public void expired() {
      log.warn(
          "event=deadline_passed question_id={}", work.message().getQuestion().getQuestionId());
      span.ended("deadline passed");
      work.done(); // the router has said so to the user
    }

    @Override
    public void dropped() {
      span.ended("left to the next member");
      work.drop();
    }
  }
}
