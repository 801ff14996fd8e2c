package io.saccade.bus;

import com.google.protobuf.MessageLite;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Writes messages to the topics of the contract, each send acknowledged by all in-sync replicas.
 * May be used from any thread.
 */
public final class ContractProducer implements AutoCloseable {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final BusConfig bus;
  private final KafkaProducer<String, MessageLite> producer;

  /** Opens a producer, which {@link #close} closes. */
  public ContractProducer(BusConfig bus) {
    this.bus = bus;
    this.producer = bus.openProducer(ProtoSerdes.serializer());
  }

  /**
   * Sends a message.
   *
   * @return where it lies, once acknowledged; or Kafka's exception, for example that the record is
   *     too large. Dependent stages run on the producer's thread and must not block
   */
  public <V extends MessageLite> CompletableFuture<RecordMetadata> send(
      Topic<V> topic, String key, V message) {
    return send(topic, key, message, "");
  }

  /**
   * Sends a message as part of a trace.
   *
   * @param traceparent the sender's span, or empty
   * @return as above
   */
  public <V extends MessageLite> CompletableFuture<RecordMetadata> send(
      Topic<V> topic, String key, V message, String traceparent) {
    CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
    try {
      var unused =
          producer.send(
              new ProducerRecord<>(
                  bus.name(topic), null, key, message, TraceHeaders.of(traceparent)),
              (metadata, failure) -> {
                if (failure == null) {
                  acknowledged.complete(metadata);
                } else {
                  acknowledged.completeExceptionally(failure);
                }
              });
    } catch (KafkaException e) {
      acknowledged.completeExceptionally(e);
    }
    return acknowledged;
  }

  /** Waits shortly for what was sent. */
  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }
}
