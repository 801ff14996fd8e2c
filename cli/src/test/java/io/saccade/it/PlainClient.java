package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What a stranger has who knows the contract alone: Kafka's own clients, bytes and the generated
 * classes. Remembers every answer that it read, for one thread.
 */
final class PlainClient implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final BusConfig bus;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> answers;
  private final Map<String, List<Answer>> read = new HashMap<>();

  PlainClient(BusConfig bus) {
    this.bus = bus;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bus.bootstrapServers(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                2 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.answers = consumer();
    answers.assign(partitions(answers, Topics.ANSWERS));
    answers.seekToBeginning(answers.assignment());
  }

  /** Writes a message under its own key. */
  <V extends MessageLite> RecordMetadata send(Topic<V> topic, V message) {
    return send(topic, topic.keyOf().apply(message), message.toByteArray());
  }

  /** Writes any bytes under any key. */
  RecordMetadata send(Topic<?> topic, String key, byte[] value) {
    byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
    try {
      return producer.send(new ProducerRecord<>(bus.name(topic), keyBytes, value)).get();
    } catch (ExecutionException e) {
      throw new AssertionError("the broker refused a record", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** The answers of these questions, in their order; waits until all are there. */
  List<Answer> await(String... questionIds) {
    return await(Arrays.asList(questionIds));
  }

  /** The answers of these questions, in their order; waits until all are there. */
  List<Answer> await(Collection<String> questionIds) {
    while (!read.keySet().containsAll(questionIds)) {
      poll();
    }
    return questionIds.stream().map(id -> read.get(id).get(0)).toList();
  }

  /** Reads the answers to their end and checks that no question has two. */
  void requireOneAnswerEach() {
    Map<TopicPartition, Long> end = answers.endOffsets(answers.assignment());
    while (isBehind(answers, end)) {
      poll();
    }
    assertThat(read.values()).allSatisfy(of -> assertThat(of).hasSize(1));
  }

  private void poll() {
    for (ConsumerRecord<byte[], byte[]> record : answers.poll(POLL)) {
      Answer answer = parse(record);
      assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(answer.getVideoId());
      read.computeIfAbsent(answer.getQuestionId(), id -> new ArrayList<>()).add(answer);
    }
  }

  /**
   * Everything committed in a topic, up to its end now, as messages; bytes that are none are not.
   */
  <V extends MessageLite> List<V> readAll(Topic<V> topic) {
    List<V> messages = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
      if (topic.parse(record.value()) instanceof Parsed.Valid<V> valid) {
        messages.add(valid.message());
      }
    }
    return messages;
  }

  /** The same as records, with their headers. */
  List<ConsumerRecord<byte[], byte[]>> records(Topic<?> topic) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      consumer.assign(partitions(consumer, topic));
      consumer.seekToBeginning(consumer.assignment());
      Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (isBehind(consumer, end)) {
        consumer.poll(POLL).forEach(records::add);
      }
      return records;
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bus.bootstrapServers(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topic<?> topic) {
    return consumer.partitionsFor(bus.name(topic)).stream()
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .toList();
  }

  private static boolean isBehind(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> end) {
    return end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue());
  }

  private static Answer parse(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Answer.parseFrom(record.value());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("no answer at offset " + record.offset(), e);
    }
  }

  @Override
  public void close() {
    producer.close();
    answers.close();
  }
}
