package io.saccade.proto;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * One topic of the contract: its name, key and value type, how it is partitioned and what it keeps.
 *
 * @param name the name without prefix, e.g. {@code questions}
 * @param parser parses a value of this topic
 * @param keyOf the id in a value that the record's key must equal; never blank in a valid value
 * @param partitioning whether the key is a video id, so that the topic is split like the others
 * @param cleanup Kafka's {@code cleanup.policy}
 * @param retention how long records stay where the policy deletes; unlimited for a compacted topic
 * @param <V> the protobuf message in each record's value
 */
public record Topic<V extends MessageLite>(
    String name,
    Parser<V> parser,
    Function<V, String> keyOf,
    Partitioning partitioning,
    Cleanup cleanup,
    Duration retention) {

  /** How many partitions a topic has. */
  public enum Partitioning {
    /** Keyed by video id: all such topics have the same number of partitions. */
    BY_VIDEO,
    /** One partition. */
    SINGLE
  }

  /** What Kafka removes from a topic. */
  public enum Cleanup {
    /** Records older than the retention. */
    DELETE("delete"),
    /** All but the last record of a key. */
    COMPACT("compact");

    private final String policy;

    Cleanup(String policy) {
      this.policy = policy;
    }
  }

  /** Checks that nothing is null. */
  public Topic {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(parser, "parser");
    Objects.requireNonNull(keyOf, "keyOf");
    Objects.requireNonNull(partitioning, "partitioning");
    Objects.requireNonNull(cleanup, "cleanup");
    Objects.requireNonNull(retention, "retention");
  }

  /** The topic's name on a broker whose topics carry {@code prefix}, e.g. {@code saccade.}. */
  public String on(String prefix) {
    return prefix + name;
  }

  /** Kafka's topic settings that the contract asks for. */
  public Map<String, String> settings() {
    return switch (cleanup) {
      case COMPACT -> Map.of("cleanup.policy", cleanup.policy);
      case DELETE ->
          Map.of(
              "cleanup.policy",
              cleanup.policy,
              "retention.ms",
              Long.toString(retention.toMillis()));
    };
  }

  /**
   * Parses a value without ever throwing.
   *
   * @param bytes the record's value, not changed by anybody afterwards; null (a tombstone) gives
   *     null
   * @return the message, or what was wrong with the bytes
   */
  public Parsed<V> parse(byte[] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      V message = parseWithoutCopy(bytes);
      if (keyOf.apply(message).isBlank()) {
        return new Parsed.Malformed<>(bytes, "no id in it: not a record of topic " + name);
      }
      return new Parsed.Valid<>(message);
    } catch (IOException e) {
      return new Parsed.Malformed<>(bytes, "not a protobuf message of topic " + name);
    }
  }

  /**
   * Why a record of this topic cannot be used, if so.
   *
   * @param key the record's key, may be null
   * @param value what {@link #parse} made of its value, may be null
   * @return one sentence
   */
  public Optional<String> problem(String key, Parsed<V> value) {
    if (value == null) {
      return Optional.of("no value");
    }
    if (value instanceof Parsed.Malformed<V> malformed) {
      return Optional.of(malformed.reason());
    }
    V message = ((Parsed.Valid<V>) value).message();
    return keyOf.apply(message).equals(key)
        ? Optional.empty()
        : Optional.of("the record's key is not the id in its value");
  }

  /**
   * A frame's megabyte stays where Kafka put it: the message's bytes fields are views of {@code
   * bytes}.
   */
  private V parseWithoutCopy(byte[] bytes) throws IOException {
    CodedInputStream input = CodedInputStream.newInstance(bytes);
    input.enableAliasing(true);
    V message = parser.parseFrom(input);
    input.checkLastTagWas(0);
    return message;
  }
}
