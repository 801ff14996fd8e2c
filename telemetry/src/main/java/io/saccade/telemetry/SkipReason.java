package io.saccade.telemetry;

/** Why a window of a feed was not asked about. */
public enum SkipReason {
  /** It was older than the standing question's freshness bound before its turn came. */
  STALE,
  /** It made room for newer windows: more waited than the router keeps. */
  CROWDED_OUT,
  /** Its frames had left the log. */
  FRAMES_EXPIRED,
  /** Its standing question was cancelled while it waited. */
  CANCELLED
}
