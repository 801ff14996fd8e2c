package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.DeadLetters.Origin;
import io.saccade.proto.Parsed;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A dead letter")
final class DeadLettersTest {

  private static final Origin ORIGIN = new Origin("saccade.questions", 3, 17, 1_700_000_000_123L);

  /** Kafka's default limit of a record. */
  private static final int RECORD_BYTES = 1_048_588;

  @Test
  @DisplayName("says where the record lies and holds it as it was")
  void holdsTheRecord() {
    byte[] value = {1, 2, 3};
    DeadLetter letter = DeadLetters.of("router", ORIGIN, "gate-3", value, "no value");

    assertThat(DeadLetters.key(letter)).isEqualTo("saccade.questions-3");
    assertThat(letter.getOffset()).isEqualTo(17);
    assertThat(Times.java(letter.getTimestamp()))
        .isEqualTo(Instant.ofEpochMilli(1_700_000_000_123L));
    assertThat(letter.getKey().toStringUtf8()).isEqualTo("gate-3");
    assertThat(letter.getValue().toByteArray()).isEqualTo(value);
    assertThat(letter.getValueSize()).isEqualTo(3);
    assertThat(letter.getReason()).isEqualTo("no value");
    assertThat(letter.getRole()).isEqualTo("router");
    assertThat(Topics.DEAD_LETTERS.parse(letter.toByteArray())).isInstanceOf(Parsed.Valid.class);
  }

  @Test
  @DisplayName("is made of a record without key and value too")
  void nothingInIt() {
    DeadLetter letter = DeadLetters.of("worker", ORIGIN, null, null, "no value");

    assertThat(letter.getKey().isEmpty()).isTrue();
    assertThat(letter.getValue().isEmpty()).isTrue();
    assertThat(letter.getValueSize()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {DeadLetters.KEPT_BYTES - 1, DeadLetters.KEPT_BYTES, 3_000_000})
  @DisplayName("keeps the beginning of long bytes and fits a record")
  void longBytesAreCut(int size) {
    byte[] value = new byte[size];
    Arrays.fill(value, (byte) 'v');
    String key = "k".repeat(size);

    DeadLetter letter = DeadLetters.of("sampler", ORIGIN, key, value, "too much");

    int kept = Math.min(size, DeadLetters.KEPT_BYTES);
    assertThat(letter.getValue().size()).isEqualTo(kept);
    assertThat(letter.getKey().size()).isEqualTo(kept);
    assertThat(letter.getValueSize()).isEqualTo(size);
    assertThat(letter.getSerializedSize()).isLessThan(RECORD_BYTES);
  }

  @Test
  @DisplayName("is made of a record whose timestamp is missing")
  void noTimestamp() {
    DeadLetter letter = DeadLetters.of("router", new Origin("t", 0, 0, -1), "k", null, "r");

    assertThat(Times.java(letter.getTimestamp())).isEqualTo(Instant.ofEpochMilli(-1));
  }

  @Test
  @DisplayName("holds a key of any characters as UTF-8")
  void keyIsUtf8() {
    DeadLetter letter = DeadLetters.of("router", ORIGIN, "Tür \uD83D\uDEAA", null, "r");

    assertThat(letter.getKey().toString(StandardCharsets.UTF_8)).isEqualTo("Tür \uD83D\uDEAA");
  }
}
