package io.saccade.video.sampling;

import io.saccade.video.SampleSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * A half-open range of presentation times, in nanoseconds on the stream's own clock. See decision
 * 17 in {@code docs/decisions.md}.
 *
 * @param from inclusive
 * @param to exclusive
 */
record PtsRange(long from, long to) {

  /** The range of a spec; an absent end is unbounded. */
  static PtsRange of(SampleSpec spec) {
    return new PtsRange(nanos(spec.from(), Long.MIN_VALUE), nanos(spec.to(), Long.MAX_VALUE));
  }

  /** Whether a time is in the range. */
  boolean contains(long pts) {
    return from <= pts && pts < to;
  }

  private static long nanos(Optional<Duration> time, long otherwise) {
    return time.map(PtsRange::saturatedNanos).orElse(otherwise);
  }

  private static long saturatedNanos(Duration time) {
    try {
      return time.toNanos();
    } catch (ArithmeticException e) { // beyond 292 years
      return time.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
