package io.saccade.router.flow;

import com.google.protobuf.util.Durations;
import io.saccade.proto.Limits;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.ClipSpan;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.LookedAt;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingTimings;
import io.saccade.proto.v1.StageTimings;
import io.saccade.router.rules.Failures;
import io.saccade.router.rules.LogText;
import io.saccade.router.rules.TimeRules;
import io.saccade.router.v1.OpenQuestion;

/**
 * Builds the answer of a question, its only final record. Times are milliseconds since the epoch.
 */
final class Answers {

  private static final int QUESTION_CHARS = 500;

  /**
   * Largest size of a result in bytes; with the fields that the answer adds it fits a record of
   * Kafka's default size.
   */
  private static final int RESULT_BYTES = 768 << 10;

  private Answers() {}

  /**
   * The answer with a worker's result.
   *
   * @param resultAt the timestamp of the result's record
   */
  static Answer of(OpenQuestion question, Result result, long resultAt, long now) {
    if (result.getSerializedSize() > RESULT_BYTES) {
      String message =
          "the result has " + result.getSerializedSize() + " bytes: the limit is " + RESULT_BYTES;
      return failed(question, Failures.of(FailureCode.INFERENCE_FAILED, message), now);
    }
    Answer.Builder answer = about(question, now);
    if (result.hasFailure()) {
      fail(answer, Failures.bounded(result.getFailure(), FailureCode.INFERENCE_FAILED));
    } else {
      answer
          .setStatus(AnswerStatus.OK)
          .setText(result.getText())
          .setFinishReasonValue(result.getFinishReasonValue());
    }
    if (result.hasUsage()) {
      answer.setUsage(result.getUsage());
    }
    result.getLookedAtList().stream().filter(Answers::isSane).forEach(answer::addLookedAt);
    addWorkerStages(answer.getTimingsBuilder(), result.getTimings());
    answer.getTimingsBuilder().setPublish(TimeRules.between(resultAt, now));
    return answer.build();
  }

  /** The answer of a question that failed. */
  static Answer failed(OpenQuestion question, Failure failure, long now) {
    return fail(about(question, now), failure).build();
  }

  /** The record of a window that was skipped. */
  static Answer skipped(OpenQuestion question, long now) {
    return about(question, now).setStatus(AnswerStatus.SKIPPED).build();
  }

  /** The span of a valid manifest. */
  static ClipSpan span(ClipManifest manifest) {
    int frames = manifest.getFramesCount();
    return ClipSpan.newBuilder()
        .setFrames(frames)
        .setFirst(manifest.getFrames(0).getPts())
        .setLast(manifest.getFrames(frames - 1).getPts())
        .build();
  }

  private static Answer.Builder fail(Answer.Builder answer, Failure failure) {
    return answer.setStatus(AnswerStatus.FAILED).setFailure(failure);
  }

  private static Answer.Builder about(OpenQuestion open, long now) {
    Answer.Builder answer =
        Answer.newBuilder()
            .setQuestionId(open.getQuestion().getQuestionId())
            .setVideoId(open.getQuestion().getVideoId())
            .setQuestion(LogText.cut(open.getQuestion().getText(), QUESTION_CHARS))
            .setModel(LogText.cut(open.getQuestion().getModel(), Limits.ID_CHARS))
            .setClipId(open.getClip().getClipId())
            .setStandingId(open.getStandingId())
            .setTimings(routing(open, now))
            .setAnsweredAt(TimeRules.timestamp(now));
    if (open.hasSpan()) {
      answer.setClip(open.getSpan());
    }
    if (open.hasWindow()) {
      answer.setWindow(open.getWindow());
    }
    return answer;
  }

  private static StageTimings.Builder routing(OpenQuestion open, long now) {
    StageTimings.Builder timings =
        StageTimings.newBuilder().setTotal(TimeRules.between(open.getAskedAt(), now));
    if (open.getRequestedAt() != 0) {
      timings.setRouting(TimeRules.between(open.getAskedAt(), open.getRequestedAt()));
    }
    if (open.hasSampling()) {
      SamplingTimings sampling = open.getSampling();
      timings
          .setSampling(TimeRules.sane(sampling.getDecode()))
          .setFramePublish(TimeRules.sane(sampling.getPublish()));
    }
    return timings;
  }

  private static void addWorkerStages(StageTimings.Builder timings, StageTimings worker) {
    timings
        .setQueue(TimeRules.sane(worker.getQueue()))
        .setTransport(TimeRules.sane(worker.getTransport()))
        .setVision(TimeRules.sane(worker.getVision()))
        .setPrefill(TimeRules.sane(worker.getPrefill()))
        .setDecode(TimeRules.sane(worker.getDecode()));
  }

  private static boolean isSane(LookedAt moment) {
    float share = moment.getShare();
    return Durations.isValid(moment.getPts()) && share >= 0 && share <= 1;
  }
}
