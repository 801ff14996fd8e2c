package io.saccade.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Times")
final class TimesTest {

  private static final int ROUNDS = 10_000;

  @ParameterizedTest(name = "{0} is {1} s and {2} ns")
  @CsvSource({
    "PT0S, 0, 0",
    "PT1.5S, 1, 500000000",
    "PT-1S, -1, 0",
    "PT-0.000000001S, 0, -1",
    "PT-1.5S, -1, -500000000",
    "PT-2.999999999S, -2, -999999999"
  })
  @DisplayName("give protobuf's seconds and nanoseconds one sign")
  void signsAgree(Duration duration, long seconds, int nanos) {
    com.google.protobuf.Duration proto = Times.proto(duration);

    assertThat(proto.getSeconds()).isEqualTo(seconds);
    assertThat(proto.getNanos()).isEqualTo(nanos);
    assertThat(Durations.isValid(proto)).isTrue();
  }

  @Test
  @DisplayName("bring any duration back")
  void durationsComeBack() {
    Random random = new Random(7);
    for (int round = 0; round < ROUNDS; round++) {
      Duration duration = Duration.ofSeconds(random.nextInt(), random.nextInt());
      com.google.protobuf.Duration proto = Times.proto(duration);

      assertThat(Durations.isValid(proto)).isTrue();
      assertThat(Times.java(proto)).isEqualTo(duration);
    }
  }

  @Test
  @DisplayName("bring any instant back, also before 1970")
  void instantsComeBack() {
    Random random = new Random(8);
    for (int round = 0; round < ROUNDS; round++) {
      Instant instant = Instant.ofEpochSecond(random.nextInt(), random.nextInt());
      Timestamp proto = Times.proto(instant);

      assertThat(Timestamps.isValid(proto)).isTrue();
      assertThat(Times.java(proto)).isEqualTo(instant);
    }
  }

  @Test
  @DisplayName("take the nearest value for a hostile one instead of throwing")
  void hostileValuesAreBounded() {
    assertThat(Times.java(duration(Long.MAX_VALUE, Integer.MAX_VALUE)))
        .isEqualTo(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
    assertThat(Times.java(duration(Long.MIN_VALUE, Integer.MIN_VALUE)))
        .isEqualTo(Duration.ofSeconds(Long.MIN_VALUE));
    assertThat(Times.java(timestamp(Long.MAX_VALUE, Integer.MAX_VALUE))).isEqualTo(Instant.MAX);
    assertThat(Times.java(timestamp(Long.MIN_VALUE, Integer.MIN_VALUE))).isEqualTo(Instant.MIN);
    assertThat(Times.millis(timestamp(Long.MAX_VALUE, 0))).isEqualTo(Long.MAX_VALUE);
    assertThat(Times.millis(timestamp(Long.MIN_VALUE, 0))).isEqualTo(Long.MIN_VALUE);
    assertThat(Times.millis(timestamp(7, 9_000_000))).isEqualTo(7_009);
  }

  @Test
  @DisplayName("never throw, whatever the bits")
  void nothingThrows() {
    Random random = new Random(9);
    for (int round = 0; round < ROUNDS; round++) {
      long seconds = random.nextLong();
      int nanos = random.nextInt();

      assertThatCode(() -> Times.java(duration(seconds, nanos))).doesNotThrowAnyException();
      assertThatCode(() -> Times.java(timestamp(seconds, nanos))).doesNotThrowAnyException();
    }
  }

  private static com.google.protobuf.Duration duration(long seconds, int nanos) {
    return com.google.protobuf.Duration.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }

  private static Timestamp timestamp(long seconds, int nanos) {
    return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
  }
}
