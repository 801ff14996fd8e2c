package io.saccade.router;

/** What the router counts. */
public enum RouterEvent {
  /** A question was opened. */
  OPENED,
  /** A question was closed with an answer. */
  ANSWERED,
  /** A question was closed, or refused at the door, with a failure. */
  FAILED,
  /** A question was dropped because its id is open or was closed lately. */
  REPEATED,
  /** A sampler was asked for a clip. */
  SAMPLING_REQUESTED,
  /** A worker was asked for an answer. */
  INFERENCE_REQUESTED,
  /** A manifest was dropped because another one of its clip stands, or because it came too late. */
  MANIFEST_DROPPED,
  /** A result was dropped because its question is closed or was asked again. */
  LATE_RESULT,
  /** A record could not be used. */
  DEAD_LETTER
}
