package io.saccade.worker;

import io.saccade.bus.ClipFrame;
import io.saccade.bus.FrameLog;
import io.saccade.bus.FramesExpiredException;
import io.saccade.model.FinishReason;
import io.saccade.model.Generation;
import io.saccade.model.PromptTooLongException;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Pathway;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.StageTimings;
import io.saccade.proto.v1.Usage;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to one result: frames, features, text, and what each took. Confined to the inference
 * thread.
 */
final class Inference implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Inference.class);

  private final String worker;
  private final Engine engine;
  private final FrameLog frames;
  private final ClipCache cache;
  private final Clock clock;
  private volatile boolean stopped;

  /**
   * Takes over the log and the cache, but not the engine.
   *
   * @param worker the worker's name in results
   */
  Inference(String worker, Engine engine, FrameLog frames, ClipCache cache, Clock clock) {
    this.worker = worker;
    this.engine = engine;
    this.frames = frames;
    this.cache = cache;
    this.clock = clock;
  }

  /** From any thread: what is under way ends at its next token. */
  void stop() {
    stopped = true;
  }

  /** Whether {@link #stop} was called. */
  boolean stopped() {
    return stopped;
  }

  /**
   * The result, or nothing when nobody waits for one: the worker stopped or the deadline passed.
   *
   * @param queued how long the request waited until now
   */
  Optional<Result> answer(InferenceRequest request, Duration queued) {
    Question question = request.getQuestion();
    Instant deadline = question.hasDeadline() ? Times.java(question.getDeadline()) : Instant.MAX;
    BooleanSupplier unwanted = () -> stopped || clock.instant().isAfter(deadline);
    if (unwanted.getAsBoolean()) {
      return Optional.empty();
    }
    Result.Builder result =
        Result.newBuilder()
            .setQuestionId(question.getQuestionId())
            .setVideoId(question.getVideoId())
            .setClipId(request.getClip().getClipId())
            .setAttempt(request.getAttempt())
            .setModel(question.getModel())
            .setWorker(worker);
    StageTimings.Builder timings = result.getTimingsBuilder();
    timings.setQueue(Times.proto(queued));
    try {
      Optional<String> unfit = unfit(request.getClip());
      if (unfit.isPresent()) {
        fail(result, FailureCode.INFERENCE_FAILED, unfit.get());
      } else if (generate(request, result, unwanted)) {
        log(result);
      } else {
        return Optional.empty();
      }
    } catch (FramesExpiredException e) {
      if (unwanted.getAsBoolean()) {
        return Optional.empty();
      }
      fail(result, FailureCode.FRAMES_EXPIRED, e.getMessage());
    } catch (PromptTooLongException e) {
      fail(result, FailureCode.QUESTION_TOO_LONG, e.getMessage());
    } catch (IllegalArgumentException e) {
      fail(result, FailureCode.QUESTION_INVALID, e.getMessage());
    } catch (RuntimeException | Error e) { // unanswered, it would hold up its partition
      log.error("event=inference_error question_id={}", question.getQuestionId(), e);
      fail(
          result,
          FailureCode.INFERENCE_FAILED,
          "the engine failed (" + e.getClass().getSimpleName() + "); see the worker's log");
    }
    return Optional.of(result.build());
  }

  /** Why the engine cannot see this clip, or nothing. Its number of frames may be any. */
  private Optional<String> unfit(ClipManifest clip) {
    int sampled = clip.getProfile().getImageSize();
    int seen = engine.card().getProfile().getImageSize();
    if (clip.getFramesCount() == 0) {
      return Optional.of("the clip has no frames");
    }
    return sampled == seen
        ? Optional.empty()
        : Optional.of(
            "the clip was sampled to %s pixels and the model sees %d: it has changed, ask again"
                .formatted(Integer.toUnsignedString(sampled), seen));
  }

  private boolean generate(
      InferenceRequest request, Result.Builder result, BooleanSupplier unwanted)
      throws FramesExpiredException {
    Optional<Engine.Clip> cached = cache.get(request.getClip().getClipId());
    Engine.Clip clip =
        cached.isPresent()
            ? cached.get()
            : look(request.getClip(), result.getTimingsBuilder(), unwanted);
    Generation generation = engine.generate(clip, request.getQuestion(), unwanted);
    if (generation.finishReason() == FinishReason.CANCELLED) {
      return false;
    }
    fill(result, generation, cached.isPresent());
    return true;
  }

  private Engine.Clip look(
      ClipManifest clip, StageTimings.Builder timings, BooleanSupplier unwanted)
      throws FramesExpiredException {
    long begin = System.nanoTime();
    List<ByteBuffer> pixels =
        frames.read(clip, Pathway.BOTH, unwanted).stream().map(ClipFrame::rgb).toList();
    long read = System.nanoTime();
    Engine.Clip features = engine.encode(pixels);
    cache.put(clip.getClipId(), features);
    timings.setTransport(nanos(read - begin)).setVision(nanos(System.nanoTime() - read));
    return features;
  }

  private static void fill(Result.Builder result, Generation generation, boolean cached) {
    result
        .setText(generation.text())
        .setFinishReason(
            generation.finishReason() == FinishReason.LENGTH
                ? io.saccade.proto.v1.FinishReason.LENGTH
                : io.saccade.proto.v1.FinishReason.STOP)
        .setUsage(
            Usage.newBuilder()
                .setPromptTokens(generation.promptTokens())
                .setFastTokens(generation.fastTokens())
                .setSlowTokens(generation.slowTokens())
                .setGeneratedTokens(generation.generatedTokens())
                .setClipCached(cached));
    StageTimings.Builder timings = result.getTimingsBuilder();
    timings
        .setPrefill(Times.proto(generation.prefill()))
        .setDecode(Times.proto(generation.decode()));
    if (cached) {
      timings.setTransport(nanos(0)).setVision(nanos(0));
    }
  }

  private static void fail(Result.Builder result, FailureCode code, String message) {
    log.warn(
        "event=inference_failed question_id={} clip_id={} code={} reason=\"{}\"",
        result.getQuestionId(),
        result.getClipId(),
        code,
        message);
    result.setFailure(Failure.newBuilder().setCode(code).setMessage(message));
  }

  private static void log(Result.Builder result) {
    log.info(
        "event=inferred question_id={} clip_id={} attempt={} generated={} cached={}",
        result.getQuestionId(),
        result.getClipId(),
        result.getAttempt(),
        result.getUsage().getGeneratedTokens(),
        result.getUsage().getClipCached());
  }

  private static com.google.protobuf.Duration nanos(long nanos) {
    return Times.proto(Duration.ofNanos(nanos));
  }

  @Override
  public void close() {
    cache.close();
    frames.close();
  }
}
