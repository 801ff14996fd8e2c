package io.saccade.router;

import io.saccade.proto.v1.AnswerStatus;
import io.saccade.telemetry.Metric;
import org.jspecify.annotations.Nullable;

/** The events that a router counts; skipped windows are counted by their reason instead. */
public enum RouterEvent {
  /** A question was opened: an on-demand question, or a standing question's window. */
  OPENED(Metric.QUESTIONS_OPENED),
  /** A question was closed with an answer. */
  ANSWERED(Metric.QUESTIONS_CLOSED, AnswerStatus.OK),
  /** A question was closed or refused with a failure. */
  FAILED(Metric.QUESTIONS_CLOSED, AnswerStatus.FAILED),
  /** A window of a live feed arrived and is the newest of its feed. */
  WINDOW(Metric.WINDOWS_CAME),
  /** An alert was raised. */
  ALERT(Metric.ALERTS_RAISED),
  /** A question was dropped because its id is open or was closed within the retention. */
  REPEATED(Metric.QUESTIONS_REPEATED),
  /** A sampler was asked for a clip. */
  SAMPLING_REQUESTED(Metric.CLIPS_REQUESTED),
  /** A worker was asked for an answer. */
  INFERENCE_REQUESTED(Metric.ANSWERS_REQUESTED),
  /** A sampling failed for a passing reason and will be retried. */
  SAMPLING_PUT_OFF(Metric.CLIPS_RETRIED),
  /** A manifest was dropped: its clip has one already, or it is outdated. */
  MANIFEST_DROPPED(Metric.MANIFESTS_DROPPED),
  /** A result was dropped because its question is closed or was asked again. */
  LATE_RESULT(Metric.RESULTS_LATE),
  /** A record could not be used and went to the dead letters. */
  DEAD_LETTER(Metric.DEAD_LETTERS),
  /** A record was read from a changelog to restore a store. */
  RESTORED(Metric.RECORDS_RESTORED);

  private final Metric metric;
  private final @Nullable Enum<?> value;

  RouterEvent(Metric metric) {
    this(metric, null);
  }

  RouterEvent(Metric metric, @Nullable Enum<?> value) {
    this.metric = metric;
    this.value = value;
  }

  /** The metric that counts this event. */
  Metric metric() {
    return metric;
  }

  /** The value of its metric's label, or null. */
  @Nullable Enum<?> value() {
    return value;
  }
}
