package io.saccade.video.sampling;

import io.saccade.video.SampleSpec;
import java.time.Duration;
import java.util.Optional;

/**
 * A half-open range of presentation times in nanoseconds.
 *
 * @param from inclusive
 * @param to exclusive
 */
public record PtsRange(long from, long to) {

  public static PtsRange of(SampleSpec spec) {
    return new PtsRange(nanos(spec.from(), Long.MIN_VALUE), nanos(spec.to(), Long.MAX_VALUE));
  }

  public boolean contains(long pts) {
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
