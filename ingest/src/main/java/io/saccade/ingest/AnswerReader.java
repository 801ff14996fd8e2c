package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the answers of all partitions, committed ones only, without a consumer group: every reader
 * sees every answer. For one thread, but {@link #wakeup}.
 */
public final class AnswerReader implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AnswerReader.class);

  private static final Duration POLL = Duration.ofMillis(500);

  private final KafkaConsumer<String, Parsed<Answer>> consumer;

  private AnswerReader(KafkaConsumer<String, Parsed<Answer>> consumer) {
    this.consumer = consumer;
  }

  /** Reads from the oldest answer that the log still has. */
  public static AnswerReader fromStart(BusConfig config) {
    return open(config, KafkaConsumer::seekToBeginning);
  }

  /** Reads the answers that come after this call has returned, or shortly before. */
  public static AnswerReader fromNow(BusConfig config) {
    return open(
        config,
        (consumer, partitions) -> {
          consumer.seekToEnd(partitions);
          // Seeking is lazy: without this, an answer that comes before the first poll is missed.
          partitions.forEach(consumer::position);
        });
  }

  /** Hands over the answers up to where the log ends now. */
  public void readToEnd(Consumer<Answer> each) {
    Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
    while (end.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      poll(POLL, each);
    }
  }

  /**
   * Hands over answers as they come until {@code more} says no to one, or {@link #wakeup}.
   *
   * @param more takes an answer and says whether to go on
   */
  public void follow(Predicate<Answer> more) {
    boolean[] goOn = {true};
    try {
      while (goOn[0]) {
        poll(
            POLL,
            answer -> {
              if (goOn[0]) {
                goOn[0] = more.test(answer);
              }
            });
      }
    } catch (WakeupException e) {
      log.debug("event=follow_ended");
    }
  }

  /**
   * Hands over what has come, waiting at most {@code patience} for the first.
   *
   * @throws WakeupException after {@link #wakeup}
   */
  public void poll(Duration patience, Consumer<Answer> each) {
    for (ConsumerRecord<String, Parsed<Answer>> record : consumer.poll(patience)) {
      if (record.value() instanceof Parsed.Valid<Answer> valid) {
        each.accept(valid.message());
      } else {
        log.warn(
            "event=skipped topic={} partition={} offset={} reason=\"not an answer\"",
            record.topic(),
            record.partition(),
            record.offset());
      }
    }
  }

  /** Ends a {@link #follow} of another thread. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private static AnswerReader open(BusConfig config, Start start) {
    Map<String, Object> settings = config.consumer();
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    KafkaConsumer<String, Parsed<Answer>> consumer = connect(settings);
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(config.name(Topics.ANSWERS)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      start.seek(consumer, partitions);
      return new AnswerReader(consumer);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  private static KafkaConsumer<String, Parsed<Answer>> connect(Map<String, Object> settings) {
    try {
      return BusConfig.openConsumer(settings, ProtoSerdes.deserializer(Topics.ANSWERS));
    } catch (KafkaException e) {
      throw BusCheck.unusable(e);
    }
  }

  /** Where to begin. */
  private interface Start {
    void seek(
        KafkaConsumer<String, Parsed<Answer>> consumer, Collection<TopicPartition> partitions);
  }
}
