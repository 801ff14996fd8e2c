package io.saccade.bus;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.saccade.proto.Parsed;
import io.saccade.proto.Times;
import io.saccade.proto.v1.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes the records of the {@code dead-letters} topic. */
public final class DeadLetters {

  /**
   * Bytes of a key or a value that a dead letter keeps, so that it fits the log whatever it holds.
   */
  public static final int KEPT_BYTES = 256 << 10;

  private DeadLetters() {}

  /** The key of a dead letter: where it comes from. */
  public static String key(DeadLetter letter) {
    return letter.getTopic() + "-" + letter.getPartition();
  }

  /**
   * Describes a record that could not be used.
   *
   * @param role who refused it
   * @param at where it lies
   * @param key the record's key, may be null
   * @param value the record's value, may be null
   * @param reason one sentence
   */
  public static DeadLetter of(String role, Origin at, String key, byte[] value, String reason) {
    byte[] keyBytes = key == null ? new byte[0] : key.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = value == null ? new byte[0] : value;
    return DeadLetter.newBuilder()
        .setTopic(at.topic())
        .setPartition(at.partition())
        .setOffset(at.offset())
        .setTimestamp(Times.proto(Instant.ofEpochMilli(at.timestamp())))
        .setKey(kept(keyBytes))
        .setValue(kept(valueBytes))
        .setValueSize(valueBytes.length)
        .setReason(reason)
        .setRole(role)
        .build();
  }

  /** Describes a consumed record that could not be used. */
  static <V extends MessageLite> DeadLetter of(
      String role, ConsumerRecord<String, Parsed<V>> record, String reason) {
    Origin at = new Origin(record.topic(), record.partition(), record.offset(), record.timestamp());
    return of(role, at, record.key(), bytes(record.value()), reason);
  }

  private static <V extends MessageLite> byte[] bytes(Parsed<V> value) {
    if (value instanceof Parsed.Malformed<V> malformed) {
      return malformed.bytes();
    }
    return value instanceof Parsed.Valid<V> valid ? valid.message().toByteArray() : null;
  }

  private static ByteString kept(byte[] bytes) {
    return ByteString.copyFrom(bytes, 0, Math.min(bytes.length, KEPT_BYTES));
  }

  /**
   * Where a record lies.
   *
   * @param timestamp the record's, in milliseconds since the epoch
   */
  public record Origin(String topic, int partition, long offset, long timestamp) {}
}
