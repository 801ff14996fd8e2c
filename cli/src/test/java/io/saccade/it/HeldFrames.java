package io.saccade.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Kafka's own hook, given to a sampler process by {@code --kafka interceptor.classes}: lets the
 * first frames through and, once the log has them, prints {@code begun} and holds the decoder for
 * ever. Also a consumer's interceptor, because that setting goes to all clients.
 */
public final class HeldFrames
    implements ProducerInterceptor<Object, Object>, ConsumerInterceptor<Object, Object> {

  /** Frames that reach the log. */
  static final int PASSED = 3;

  private static final AtomicInteger SENT = new AtomicInteger();
  private static final AtomicInteger ACKNOWLEDGED = new AtomicInteger();

  @Override
  public ProducerRecord<Object, Object> onSend(ProducerRecord<Object, Object> record) {
    if (record.topic().endsWith("frames") && SENT.incrementAndGet() > PASSED) {
      hold();
    }
    return record;
  }

  private static void hold() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes: only a kill ends this.
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
    if (metadata.topic().endsWith("frames") && ACKNOWLEDGED.incrementAndGet() == PASSED) {
      System.out.println("begun");
    }
  }

  @Override
  public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}

  @Override
  public void configure(Map<String, ?> configs) {}
}
