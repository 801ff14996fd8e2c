package io.saccade.proto;

import com.google.protobuf.MessageLite;

/**
 * What a deserialiser made of bytes from outside. A deserialiser that throws stops its consumer
 * loop at that record for ever; this one hands the loop the bytes and the reason instead, for the
 * {@code dead-letters} topic.
 *
 * @param <V> the message that was expected
 */
public sealed interface Parsed<V extends MessageLite> {

  /** A message of the expected type with its id in it. */
  record Valid<V extends MessageLite>(V message) implements Parsed<V> {}

  /**
   * Bytes that are not such a message.
   *
   * @param bytes the value as it was; owned by this record, not copied
   * @param reason one sentence
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // identity is enough: it only travels to the dead letters
  record Malformed<V extends MessageLite>(byte[] bytes, String reason) implements Parsed<V> {}
}
