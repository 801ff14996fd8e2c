package io.saccade.proto;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;

/** Kafka serialisers of protobuf messages. All are stateless and may be shared between threads. */
public final class ProtoSerdes {

  private ProtoSerdes() {}

  /** Writes a message as its bytes and null as a tombstone. */
  public static <V extends MessageLite> Serializer<V> serializer() {
    return (topic, message) -> message == null ? null : message.toByteArray();
  }

  /** Reads records of {@code topic} that anybody may have written; never throws. */
  public static <V extends MessageLite> Deserializer<Parsed<V>> deserializer(Topic<V> topic) {
    return (name, bytes) -> topic.parse(bytes);
  }

  /**
   * Reads and writes our own state, for stores: bytes that do not parse are a broken store and
   * throw {@link SerializationException}.
   */
  public static <V extends MessageLite> Serde<V> trusted(Parser<V> parser) {
    return Serdes.serdeFrom(
        ProtoSerdes.<V>serializer(),
        (name, bytes) -> {
          try {
            return bytes == null ? null : parser.parseFrom(bytes);
          } catch (InvalidProtocolBufferException e) {
            throw new SerializationException("state of " + name + " does not parse", e);
          }
        });
  }
}
