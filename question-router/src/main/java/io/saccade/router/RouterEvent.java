package io.saccade.router;

/** What the router counts. */
public enum RouterEvent {
  /** A question was opened: one that somebody asked, or a window of a standing question. */
  OPENED,
  /** A question was closed with an answer. */
  ANSWERED,
  /** A question was closed, or refused at the door, with a failure. */
  FAILED,
  /** A window was skipped because a newer one of its feed came while it waited. */
  SKIPPED_REPLACED,
  /** A window was skipped because its freshness passed, while it waited or at a worker. */
  SKIPPED_STALE,
  /** A window was skipped because its frames had left the log. */
  SKIPPED_EXPIRED,
  /** A window was skipped because its standing question was cancelled or its feed forgotten. */
  SKIPPED_CANCELLED,
  /** A window was skipped because too many windows of other feeds waited. */
  SKIPPED_CROWDED,
  /** A window of a live feed came. */
  WINDOW,
  /** An alert was raised. */
  ALERT,
  /** A question was dropped because its id is open or was closed lately. */
  REPEATED,
  /** A sampler was asked for a clip. */
  SAMPLING_REQUESTED,
  /** A worker was asked for an answer. */
  INFERENCE_REQUESTED,
  /** A sampling failed for a passing reason and will be tried again. */
  SAMPLING_PUT_OFF,
  /** A manifest was dropped because another one of its clip stands, or because it came too late. */
  MANIFEST_DROPPED,
  /** A result was dropped because its question is closed or was asked again. */
  LATE_RESULT,
  /** A record could not be used. */
  DEAD_LETTER,
  /** A record was read back from a changelog, to restore a store. */
  RESTORED
}
