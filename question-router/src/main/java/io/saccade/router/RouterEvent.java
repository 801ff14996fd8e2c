package io.saccade.router;

import io.saccade.proto.v1.AnswerStatus;
import io.saccade.telemetry.Metric;

/** What happens in a router, besides that windows are skipped. */
public enum RouterEvent {
  /** A question was opened: one that somebody asked, or a window of a standing question. */
  OPENED(Metric.QUESTIONS_OPENED),
  /** A question was closed with an answer. */
  ANSWERED(Metric.QUESTIONS_CLOSED, AnswerStatus.OK),
  /** A question was closed, or refused at the door, with a failure. */
  FAILED(Metric.QUESTIONS_CLOSED, AnswerStatus.FAILED),
  /** A window of a live feed came. */
  WINDOW(Metric.WINDOWS_CAME),
  /** An alert was raised. */
  ALERT(Metric.ALERTS_RAISED),
  /** A question was dropped because its id is open or was closed lately. */
  REPEATED(Metric.QUESTIONS_REPEATED),
  /** A sampler was asked for a clip. */
  SAMPLING_REQUESTED(Metric.CLIPS_REQUESTED),
  /** A worker was asked for an answer. */
  INFERENCE_REQUESTED(Metric.ANSWERS_REQUESTED),
  /** A sampling failed for a passing reason and will be tried again. */
  SAMPLING_PUT_OFF(Metric.CLIPS_RETRIED),
  /** A manifest was dropped because another one of its clip stands, or because it came too late. */
  MANIFEST_DROPPED(Metric.MANIFESTS_DROPPED),
  /** A result was dropped because its question is closed or was asked again. */
  LATE_RESULT(Metric.RESULTS_LATE),
  /** A record could not be used. */
  DEAD_LETTER(Metric.DEAD_LETTERS),
  /** A record was read back from a changelog, to restore a store. */
  RESTORED(Metric.RECORDS_RESTORED);

  private final Metric metric;
  private final Enum<?> value;

  RouterEvent(Metric metric) {
    this(metric, null);
  }

  RouterEvent(Metric metric, Enum<?> value) {
    this.metric = metric;
    this.value = value;
  }

  /** What counts it. */
  Metric metric() {
    return metric;
  }

  /** The value of its metric's label, or null. */
  Enum<?> value() {
    return value;
  }
}
