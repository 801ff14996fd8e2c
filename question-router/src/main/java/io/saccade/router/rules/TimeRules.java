package io.saccade.router.rules;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.saccade.proto.v1.TimeRange;
import java.util.Optional;

/**
 * Checks and converts durations, ranges and points in time of untrusted records. Public for the
 * packages {@code state} and {@code flow} only.
 */
public final class TimeRules {

  /**
   * Upper bound of a stage's time; a valid protobuf duration may overflow a count of nanoseconds.
   */
  private static final Duration LONGEST_STAGE = Durations.fromDays(365);

  private TimeRules() {}

  /** The timestamp of a time in milliseconds since the epoch, read from this router's clock. */
  public static Timestamp timestamp(long millis) {
    return Timestamps.fromMillis(millis);
  }

  /**
   * The time between two points in milliseconds since the epoch; zero if {@code to} is earlier
   * because clocks differ.
   */
  public static Duration between(long from, long to) {
    return Durations.fromMillis(Math.max(0, to - from));
  }

  /** A stage's time if it is a valid duration from 0 to 365 days, else zero. */
  public static Duration sane(Duration duration) {
    boolean sane = isPosition(duration) && Durations.compare(duration, LONGEST_STAGE) <= 0;
    return sane ? duration : Durations.ZERO;
  }

  /** The rule that a range breaks, or empty; absent ends are open. */
  static Optional<String> problem(TimeRange range) {
    if (range.hasFrom() && !isPosition(range.getFrom())) {
      return Optional.of("range.from must be a duration of at least 0");
    }
    if (range.hasTo() && !isPosition(range.getTo())) {
      return Optional.of("range.to must be a duration of at least 0");
    }
    boolean empty = range.hasTo() && Durations.compare(range.getFrom(), range.getTo()) >= 0;
    return empty ? Optional.of("range.from must be before range.to") : Optional.empty();
  }

  private static boolean isPosition(Duration duration) {
    return Durations.isValid(duration) && !Durations.isNegative(duration);
  }
}
