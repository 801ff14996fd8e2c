package io.saccade.worker;

import io.saccade.bus.FramesExpiredException;
import io.saccade.model.FinishReason;
import io.saccade.model.Generation;
import io.saccade.model.PromptTooLongException;
import io.saccade.model.graph.ModelMemoryException;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.LookedAt;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.StageTimings;
import io.saccade.proto.v1.Usage;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes the result of a request. */
final class Results {

  private static final Logger log = LoggerFactory.getLogger(Results.class);

  private final String worker;

  /** Results that carry this worker's name. */
  Results(String worker) {
    this.worker = worker;
  }

  String worker() {
    return worker;
  }

  /** The result of an answer that is finished. */
  Result answered(Job job, Generation generation) {
    Result.Builder result = about(job);
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
                .setClipCached(!job.waitedForClip()))
        .addAllLookedAt(lookedAt(job.clip(), generation.lookedAt()));
    result
        .getTimingsBuilder()
        .setTransport(Times.proto(job.transport()))
        .setVision(Times.proto(job.vision()))
        .setPrefill(Times.proto(generation.prefill()))
        .setDecode(Times.proto(generation.decode()));
    log.info(
        "event=inferred question_id={} clip_id={} attempt={} generated={} cached={}",
        result.getQuestionId(),
        result.getClipId(),
        result.getAttempt(),
        result.getUsage().getGeneratedTokens(),
        result.getUsage().getClipCached());
    return result.build();
  }

  /** The shares of a clip's positions, with their moments. */
  private static List<LookedAt> lookedAt(ClipManifest clip, List<Double> shares) {
    return IntStream.range(0, Math.min(clip.getFramesCount(), shares.size()))
        .mapToObj(
            i ->
                LookedAt.newBuilder()
                    .setPts(clip.getFrames(i).getPts())
                    .setShare(shares.get(i).floatValue())
                    .build())
        .toList();
  }

  /** The result of a question that the engine refused before anything was computed for it. */
  Result refused(Job job, Throwable reason) {
    if (reason instanceof PromptTooLongException) {
      return failed(job, FailureCode.QUESTION_TOO_LONG, reason.getMessage());
    } else if (reason instanceof IllegalArgumentException) {
      return failed(job, FailureCode.QUESTION_INVALID, reason.getMessage());
    }
    return failed(job, reason);
  }

  /**
   * The result of a request that its worker died of, so often, each time that it was tried alone.
   */
  Result crashed(Job job, int times) {
    return failed(
        job,
        FailureCode.QUESTION_CRASHES_WORKER,
        "the worker's process ended each of the %d times that it tried this question alone: ask"
                .formatted(times)
            + " otherwise, or see the worker's log and memory");
  }

  /** The result of a request that could not be finished. */
  Result failed(Job job, Throwable reason) {
    if (reason instanceof FramesExpiredException) {
      return failed(job, FailureCode.FRAMES_EXPIRED, reason.getMessage());
    } else if (isMemory(reason)) {
      return failed(
          job,
          FailureCode.OUT_OF_MEMORY,
          "the engine ran out of memory for this question: ask of fewer frames or for fewer tokens,"
              + " or give the worker more memory");
    }
    log.error("event=inference_error question_id={}", job.question().getQuestionId(), reason);
    return failed(
        job,
        FailureCode.INFERENCE_FAILED,
        "the engine failed (" + reason.getClass().getSimpleName() + "); see the worker's log");
  }

  /** The result of a request that failed for a reason that has a sentence. */
  Result failed(Job job, FailureCode code, String message) {
    Result.Builder result = about(job);
    log.warn(
        "event=inference_failed question_id={} clip_id={} code={} reason=\"{}\"",
        result.getQuestionId(),
        result.getClipId(),
        code,
        message);
    return result.setFailure(Failure.newBuilder().setCode(code).setMessage(message)).build();
  }

  private Result.Builder about(Job job) {
    return Result.newBuilder()
        .setQuestionId(job.question().getQuestionId())
        .setVideoId(job.question().getVideoId())
        .setClipId(job.clipId())
        .setAttempt(job.request().getAttempt())
        .setModel(job.question().getModel())
        .setWorker(worker)
        .setTimings(StageTimings.newBuilder().setQueue(Times.proto(job.queued())));
  }

  /** Whether something failed for want of memory, native or the Java heap's. */
  private static boolean isMemory(Throwable reason) {
    return reason instanceof ModelMemoryException || reason instanceof OutOfMemoryError;
  }
}
