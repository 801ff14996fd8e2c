package io.saccade.ingest;

import com.google.protobuf.MessageLite;
import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of a topic, committed records only, without a consumer group: every reader
 * sees every record. For one thread, but {@link #wakeup}.
 *
 * @param <V> the topic's message
 */
final class LogReader<V extends MessageLite> implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LogReader.class);

  private final KafkaConsumer<String, Parsed<V>> consumer;

  private LogReader(KafkaConsumer<String, Parsed<V>> consumer) {
    this.consumer = consumer;
  }

  /** Reads from the oldest record that the log still has. */
  static <V extends MessageLite> LogReader<V> fromStart(BusConfig config, Topic<V> topic) {
    return open(config, topic, KafkaConsumer::seekToBeginning);
  }

  /** Reads the records that come after this call has returned, or shortly before. */
  static <V extends MessageLite> LogReader<V> fromNow(BusConfig config, Topic<V> topic) {
    return open(
        config,
        topic,
        (consumer, partitions) -> {
          consumer.seekToEnd(partitions);
          // Seeking is lazy: without this, a record that comes before the first poll is missed.
          partitions.forEach(consumer::position);
        });
  }

  private static <V extends MessageLite> LogReader<V> open(
      BusConfig config, Topic<V> topic, Start<V> start) {
    Map<String, Object> settings = config.consumer();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    KafkaConsumer<String, Parsed<V>> consumer = connect(settings, topic);
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(config.name(topic)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      start.seek(consumer, partitions);
      return new LogReader<>(consumer);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private static <V extends MessageLite> KafkaConsumer<String, Parsed<V>> connect(
      Map<String, Object> settings, Topic<V> topic) {
    try {
      return BusConfig.openConsumer(settings, ProtoSerdes.deserializer(topic));
    } catch (KafkaException e) {
      throw BusCheck.unusable(e);
    }
  }

  /** Where the log ends now. */
  Map<TopicPartition, Long> end() {
    return consumer.endOffsets(consumer.assignment());
  }

  /** Whether records before these offsets are still to come. */
  boolean isBefore(Map<TopicPartition, Long> end) {
    return end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue());
  }

  /** Hands over what has come, waiting at most {@code patience} for the first. */
  void poll(Duration patience, Consumer<V> each) {
    poll(patience, (key, message) -> message.ifPresent(each));
  }

  /** The same with the records' keys; a record without a value is no message. */
  void poll(Duration patience, BiConsumer<String, Optional<V>> each) {
    for (ConsumerRecord<String, Parsed<V>> record : consumer.poll(patience)) {
      if (record.value() instanceof Parsed.Valid<V> valid) {
        each.accept(record.key(), Optional.of(valid.message()));
      } else if (record.value() == null) {
        each.accept(record.key(), Optional.empty());
      } else {
        log.warn(
            "event=skipped topic={} partition={} offset={} reason=\"not a record of the topic\"",
            record.topic(),
            record.partition(),
            record.offset());
      }
    }
  }

  /** Ends a poll of another thread with Kafka's WakeupException. */
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  /** Where to begin. */
  private interface Start<V extends MessageLite> {
    void seek(KafkaConsumer<String, Parsed<V>> consumer, List<TopicPartition> partitions);
  }
}
