package io.saccade.router.flow;

import io.saccade.proto.v1.Alert;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.router.RouterCounters;
import io.saccade.router.RouterEvent;
import io.saccade.router.rules.LogText;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.SkipReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Counts and logs the events of a router, one line each, with untrusted ids escaped. */
final class RouterLog {

  private static final Logger log = LoggerFactory.getLogger(RouterLog.class);

  private final Metrics metrics;
  private final RouterCounters counters;

  RouterLog(Metrics metrics) {
    this.metrics = metrics;
    this.counters = new RouterCounters(metrics);
  }

  void opened(OpenQuestion open) {
    counters.add(RouterEvent.OPENED);
    Question question = open.getQuestion();
    log.atLevel(level(open.getStandingId()))
        .log(
            "event=question_opened question_id={} video_id={}",
            LogText.logged(question.getQuestionId()),
            LogText.logged(question.getVideoId()));
  }

  void closed(Answer answer, long totalMillis) {
    boolean ok = answer.getStatus() == AnswerStatus.OK;
    counters.add(ok ? RouterEvent.ANSWERED : RouterEvent.FAILED);
    if (ok) {
      StageTimes.record(metrics, answer.getTimings());
    } else {
      metrics.count(Metric.QUESTIONS_FAILED, answer.getFailure().getCode());
    }
    log.atLevel(level(answer.getStandingId()))
        .log(
            "event=question_closed question_id={} video_id={} clip_id={} status={} total_ms={}",
            LogText.logged(answer.getQuestionId()),
            LogText.logged(answer.getVideoId()),
            answer.getClipId(),
            ok ? answer.getStatus() : answer.getFailure().getCode(),
            totalMillis);
  }

  /** Questions about windows are logged at DEBUG: they are many, and their outcomes are counted. */
  private static Level level(String standingId) {
    return standingId.isEmpty() ? Level.INFO : Level.DEBUG;
  }

  void skipped(OpenQuestion question, SkipReason reason) {
    metrics.count(Metric.WINDOWS_SKIPPED, reason);
    log.debug(
        "event=window_skipped question_id={} video_id={} reason={}",
        LogText.logged(question.getQuestion().getQuestionId()),
        LogText.logged(question.getQuestion().getVideoId()),
        reason);
  }

  void window(ClipManifest manifest) {
    counters.add(RouterEvent.WINDOW);
    log.debug(
        "event=window video_id={} clip_id={}",
        LogText.logged(manifest.getVideoId()),
        manifest.getClipId());
  }

  void raised(Alert alert) {
    counters.add(RouterEvent.ALERT);
    log.info(
        "event=alert_raised alert_id={} video_id={} question_id={}",
        alert.getAlertId(),
        LogText.logged(alert.getVideoId()),
        LogText.logged(alert.getQuestionId()));
  }

  void putOff(String clipId, long pauseMillis) {
    counters.add(RouterEvent.SAMPLING_PUT_OFF);
    log.warn(
        "event=clip_put_off clip_id={} pause_ms={} reason=\"the sampling failed and will be retried\"",
        clipId,
        pauseMillis);
  }

  void requested(SamplingRequest request) {
    counters.add(RouterEvent.SAMPLING_REQUESTED);
    log.info(
        "event=clip_requested clip_id={} attempt={}", request.getClipId(), request.getAttempt());
  }

  void requested(InferenceRequest request) {
    counters.add(RouterEvent.INFERENCE_REQUESTED);
    log.debug(
        "event=inference_requested question_id={} clip_id={} attempt={}",
        LogText.logged(request.getQuestion().getQuestionId()),
        request.getClip().getClipId(),
        request.getAttempt());
  }

  void repeated(Question question) {
    counters.add(RouterEvent.REPEATED);
    log.warn(
        "event=question_repeated question_id={} reason=\"it is open or was closed lately\"",
        LogText.logged(question.getQuestionId()));
  }

  void dropped(String clipId) {
    counters.add(RouterEvent.MANIFEST_DROPPED);
    log.warn(
        "event=manifest_dropped clip_id={} reason=\"it is a repeat, outdated or not of a registered feed\"",
        clipId);
  }

  void late(String questionId) {
    counters.add(RouterEvent.LATE_RESULT);
    log.warn(
        "event=result_dropped question_id={} reason=\"the question is closed or was asked again\"",
        LogText.logged(questionId));
  }

  void refused(DeadLetter letter) {
    counters.add(RouterEvent.DEAD_LETTER);
    log.warn(
        "event=dead_letter topic={} partition={} offset={} reason=\"{}\"",
        letter.getTopic(),
        letter.getPartition(),
        letter.getOffset(),
        letter.getReason());
  }
}
