package io.saccade.proto;

import com.google.protobuf.Timestamp;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** Between {@code java.time} and protobuf's durations and timestamps. */
public final class Times {

  private Times() {}

  /** As a protobuf duration; negative durations are allowed. */
  public static com.google.protobuf.Duration proto(Duration duration) {
    // Java keeps nanos in 0..999,999,999; protobuf wants both fields of one sign.
    boolean borrow = duration.isNegative() && duration.getNano() > 0;
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds() + (borrow ? 1 : 0))
        .setNanos(duration.getNano() - (borrow ? 1_000_000_000 : 0))
        .build();
  }

  /** As a Java duration; one outside Java's range becomes the nearest duration. */
  public static Duration java(com.google.protobuf.Duration duration) {
    try {
      return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    } catch (ArithmeticException e) {
      return duration.getSeconds() < 0
          ? Duration.ofSeconds(Long.MIN_VALUE)
          : Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    }
  }

  /** As a protobuf timestamp. */
  public static Timestamp proto(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /** As a Java instant; a timestamp outside Java's range becomes the nearest instant. */
  public static Instant java(Timestamp timestamp) {
    try {
      return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    } catch (DateTimeException | ArithmeticException e) {
      return timestamp.getSeconds() < 0 ? Instant.MIN : Instant.MAX;
    }
  }

  /** In milliseconds since 1970; a timestamp outside that range becomes the nearest value. */
  public static long millis(Timestamp timestamp) {
    try {
      return java(timestamp).toEpochMilli();
    } catch (ArithmeticException e) {
      return timestamp.getSeconds() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
