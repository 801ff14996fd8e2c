package io.saccade.bus;

import com.google.protobuf.MessageLite;
import io.saccade.proto.Parsed;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a loop's work ends, from any thread: done, dropped, tried again or buried. */
final class WorkCompletion<V extends MessageLite> implements Work.Host<V>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(WorkCompletion.class);

  private final String role;
  private final Topic<V> topic;
  private final Metrics metrics;
  private final ContractProducer deadLetters;
  private final PublishRetry repeats;
  private final Queue<Work<V>> ended = new ConcurrentLinkedQueue<>();

  WorkCompletion(BusConfig bus, String role, Topic<V> topic, Metrics metrics) {
    this.role = role;
    this.topic = topic;
    this.metrics = metrics;
    this.deadLetters = new ContractProducer(bus);
    this.repeats = new PublishRetry(role);
  }

  /** Takes out work that has ended, or null. */
  Work<V> poll() {
    return ended.poll();
  }

  PublishRetry repeats() {
    return repeats;
  }

  @Override
  public void ended(Work<V> work) {
    ended.add(work);
  }

  @Override
  public void again(
      Work<V> work, Supplier<? extends CompletionStage<?>> effect, Throwable failure) {
    if (PublishRetry.isLasting(failure) && !(effect instanceof Burial)) {
      work.bury("its result can never be written: " + failure.getMessage());
    } else {
      repeats.later(() -> work.doneWhen(effect), failure);
    }
  }

  @Override
  public void bury(Work<V> work, String reason) {
    V message = work.message();
    DeadLetters.Origin at =
        new DeadLetters.Origin(
            work.partition().topic(),
            work.partition().partition(),
            work.offset(),
            work.timestamp());
    String key = topic.keyOf().apply(message);
    bury(work, DeadLetters.of(role, at, key, message.toByteArray(), reason));
  }

  /** Buries a record as it was, which may hold no message. */
  void bury(Work<V> work, ConsumerRecord<String, Parsed<V>> record, String reason) {
    bury(work, DeadLetters.of(role, record, reason));
  }

  private void bury(Work<V> work, DeadLetter letter) {
    metrics.count(Metric.DEAD_LETTERS);
    log.warn("event=dead_letter record={} reason=\"{}\"", work, letter.getReason());
    work.doneWhen(new Burial(deadLetters, letter));
  }

  @Override
  public void close() {
    repeats.close();
    deadLetters.close();
  }

  /** Where even this is refused for good it is tried again like anything else. */
  private record Burial(ContractProducer deadLetters, DeadLetter letter)
      implements Supplier<CompletionStage<?>> {

    @Override
    public CompletionStage<?> get() {
      return deadLetters.send(Topics.DEAD_LETTERS, DeadLetters.key(letter), letter);
    }
  }
}
