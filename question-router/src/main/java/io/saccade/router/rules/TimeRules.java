package io.saccade.router.rules;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.saccade.proto.v1.TimeRange;
import java.util.Optional;

/** Durations, ranges and moments that anybody may have written. */
public final class TimeRules {

  /** No stage takes longer; a valid duration may have more nanoseconds than a meter can count. */
  private static final Duration LONGEST_STAGE = Durations.fromDays(365);

  private TimeRules() {}

  /** A moment of our own clock, in milliseconds since the epoch. */
  public static Timestamp timestamp(long millis) {
    return Timestamps.fromMillis(millis);
  }

  /** From one moment to a later one, zero where the clocks disagree; milliseconds. */
  public static Duration between(long from, long to) {
    return Durations.fromMillis(Math.max(0, to - from));
  }

  /** The time that a stage took if it is a duration, not negative and within a year, else zero. */
  public static Duration sane(Duration duration) {
    boolean sane = isPosition(duration) && Durations.compare(duration, LONGEST_STAGE) <= 0;
    return sane ? duration : Durations.ZERO;
  }

  /** What is wrong with a range, or nothing; absent ends are open. */
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
