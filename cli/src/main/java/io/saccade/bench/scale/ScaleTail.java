package io.saccade.bench.scale;

import com.google.protobuf.MessageLite;
import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Hands over a topic's committed records as they come, on a thread of its own. */
final class ScaleTail<V extends MessageLite> implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<String, Parsed<V>> consumer;
  private final Thread thread;

  /** Begins at the topic's end. */
  ScaleTail(BusConfig bus, Topic<V> topic, Consumer<V> each) {
    Map<String, Object> settings = bus.consumer();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer = BusConfig.openConsumer(settings, ProtoSerdes.deserializer(topic));
    List<TopicPartition> partitions =
        consumer.partitionsFor(bus.name(topic)).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    thread = new Thread(() -> read(each), "bench-" + topic.name());
    thread.start();
  }

  private void read(Consumer<V> each) {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<String, Parsed<V>> record : consumer.poll(POLL)) {
          if (record.value() instanceof Parsed.Valid<V> valid) {
            each.accept(valid.message());
          }
        }
      }
    } catch (WakeupException e) {
      // closed
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
