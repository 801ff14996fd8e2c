package io.saccade.worker;

import io.saccade.bus.FrameLog;
import io.saccade.bus.Outlet;
import io.saccade.bus.Problems;
import io.saccade.bus.Role;
import io.saccade.bus.Work;
import io.saccade.bus.WorkLoop;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.ModelCard;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  private final Outlet outlet;
  private final Inference inference;
  private final ExecutorService inferenceThread;
  private final WorkLoop<InferenceRequest> loop;
  private boolean closed;

  /**
   * Prepares a worker; {@link #start} starts it, {@link #close} releases it either way.
   *
   * @param engine taken over: closed with the worker
   * @throws io.saccade.bus.ConfigException if the model's frames do not fit a record
   */
  public InferenceWorker(WorkerConfig config, Engine engine) {
    this.config = config;
    this.engine = engine;
    this.card = engine.card();
    requireFramesFit();
    this.outlet = new Outlet(config.bus());
    this.inference =
        new Inference(
            config.name(),
            engine,
            new FrameLog(config.bus()),
            new ClipCache(config.cacheBytes()),
            Clock.systemUTC());
    this.inferenceThread =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "worker-inference"));
    this.loop =
        new WorkLoop<>(
            config.bus(),
            Topics.INFERENCE_REQUESTS,
            new WorkLoop.Options(
                "worker",
                "inference-worker." + card.getName(),
                config.maxUnderWay(),
                config.grace()),
            work -> inferenceThread.execute(() -> serve(work)));
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
    var unused =
        outlet
            .send(Topics.MODELS, card.getName(), card)
            .whenComplete(
                (metadata, failure) -> {
                  if (failure == null) {
                    log.info("event=model_announced model={}", card.getName());
                  } else {
                    log.error("event=announce_failed reason=\"{}\"", failure.toString());
                  }
                });
    loop.start();
  }

  @Override
  public CompletionStage<Void> stopped() {
    return loop.stopped();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    loop.close();
    inference.stop();
    // The engine's memory goes only when nothing computes in it any more.
    Future<?> released =
        CompletableFuture.runAsync(
            () -> {
              inference.close();
              engine.close();
            },
            inferenceThread);
    inferenceThread.shutdown();
    await(released);
    outlet.close();
  }

  private static void await(Future<?> released) {
    try {
      released.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      log.error("event=close_failed reason=\"{}\"", e.getCause().toString());
    }
  }

  private void serve(Work<InferenceRequest> work) {
    InferenceRequest request = work.message();
    String question = request.getQuestion().getQuestionId();
    if (work.cancelled()) {
      work.drop();
      return;
    }
    if (!request.getQuestion().getModel().equals(card.getName())) {
      work.done(); // another model's workers answer it
      return;
    }
    inference
        .answer(request, work.age(Instant.now()))
        .ifPresentOrElse(
            result -> work.doneWhen(outlet.send(Topics.RESULTS, result.getVideoId(), result)),
            () -> {
              if (!inference.stopped()) {
                log.warn("event=deadline_passed question_id={}", question);
                work.done(); // the router has said so to the user
              }
            });
  }
}
