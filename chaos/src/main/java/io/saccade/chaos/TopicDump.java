package io.saccade.chaos;

import com.google.protobuf.MessageLite;
import io.saccade.bus.BusConfig;
import io.saccade.ingest.IngestException;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed records of whole topics, after the writers have finished. */
final class TopicDump {

  /** Longer than the transaction timeout, after which an open transaction is aborted. */
  private static final Duration READ_TIMEOUT = Duration.ofMinutes(2);

  private static final Duration POLL = Duration.ofMillis(500);

  private final BusConfig bus;

  TopicDump(BusConfig bus) {
    this.bus = bus;
  }

  /**
   * A record of a topic.
   *
   * @param at its timestamp
   */
  record Entry<V>(V message, Instant at) {}

  /**
   * Reads a topic from its start to its current end, once no open transaction is left before it.
   *
   * @throws IngestException if the end is not reached in time
   */
  <V extends MessageLite> void read(Topic<V> topic, Consumer<Entry<V>> each) {
    Map<String, Object> settings = bus.consumer();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (KafkaConsumer<String, Parsed<V>> consumer =
        BusConfig.openConsumer(settings, ProtoSerdes.deserializer(topic))) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      Map<TopicPartition, Long> end = writtenEnd(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Instant latest = Instant.now().plus(READ_TIMEOUT);
      while (isBefore(consumer, end)) {
        for (ConsumerRecord<String, Parsed<V>> record : consumer.poll(POLL)) {
          if (record.value() instanceof Parsed.Valid<V> valid) {
            each.accept(new Entry<>(valid.message(), Instant.ofEpochMilli(record.timestamp())));
          }
        }
        if (Instant.now().isAfter(latest)) {
          throw new IngestException(
              "the end of %s cannot be read: a transaction stays open".formatted(bus.name(topic)));
        }
      }
    }
  }

  /** Number of records that were ever written to these topics, committed or not. */
  long written(Topic<?>... topics) {
    try (KafkaConsumer<String, byte[]> any = openAny()) {
      List<TopicPartition> partitions =
          Stream.of(topics).flatMap(topic -> partitions(any, topic).stream()).toList();
      return any.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topic<?> topic) {
    return consumer.partitionsFor(bus.name(topic)).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  /** The end offsets, uncommitted records included. */
  private Map<TopicPartition, Long> writtenEnd(List<TopicPartition> partitions) {
    try (KafkaConsumer<String, byte[]> any = openAny()) {
      return any.endOffsets(partitions);
    }
  }

  private KafkaConsumer<String, byte[]> openAny() {
    return BusConfig.openConsumer(bus.consumer(), new ByteArrayDeserializer());
  }

  private static boolean isBefore(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> end) {
    return end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue());
  }
}
