package io.saccade.router;

import io.saccade.proto.v1.AnswerStatus;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.SkipReason;

/** What happens in a router. */
public enum RouterEvent {
  /** A question was opened: one that somebody asked, or a window of a standing question. */
  OPENED(Metric.QUESTIONS_OPENED),
  /** A question was closed with an answer. */
  ANSWERED(Metric.QUESTIONS_CLOSED, AnswerStatus.OK),
  /** A question was closed, or refused at the door, with a failure. */
  FAILED(Metric.QUESTIONS_CLOSED, AnswerStatus.FAILED),
  /** A window was skipped because a newer one of its feed came while it waited. */
  SKIPPED_REPLACED(Metric.WINDOWS_SKIPPED, SkipReason.REPLACED),
  /** A window was skipped because its freshness passed, while it waited or at a worker. */
  SKIPPED_STALE(Metric.WINDOWS_SKIPPED, SkipReason.STALE),
  /** A window was skipped because its frames had left the log. */
  SKIPPED_EXPIRED(Metric.WINDOWS_SKIPPED, SkipReason.EXPIRED),
  /** A window was skipped because its standing question was cancelled or its feed forgotten. */
  SKIPPED_CANCELLED(Metric.WINDOWS_SKIPPED, SkipReason.CANCELLED),
  /** A window was skipped because too many windows of other feeds waited. */
  SKIPPED_CROWDED(Metric.WINDOWS_SKIPPED, SkipReason.CROWDED),
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
