package io.saccade.telemetry;

/** Why a window of a feed was not asked about. */
public enum SkipReason {
  /** A newer one of its feed came while it waited. */
  REPLACED,
  /** Its freshness passed, while it waited or at a worker. */
  STALE,
  /** Its frames had left the log. */
  EXPIRED,
  /** Its standing question was cancelled, or its feed forgotten. */
  CANCELLED,
  /** Too many windows of other feeds waited. */
  CROWDED
}
