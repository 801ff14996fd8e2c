package io.saccade.bus;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One record that was taken from a topic and must be finished exactly once, from any thread: done,
 * or dropped when it was cancelled. Until it is done its offset, and those behind it in its
 * partition, are not committed.
 *
 * @param <V> the record's message
 */
public final class Work<V extends MessageLite> {

  private static final Logger log = LoggerFactory.getLogger(Work.class);

  private final V message;
  private final TopicPartition partition;
  private final long offset;
  private final long timestamp;
  private final String traceparent;
  private final Consumer<Work<V>> onDone;
  private final AtomicBoolean done = new AtomicBoolean();
  private volatile boolean cancelled;
  private volatile boolean dropped;

  Work(
      V message,
      TopicPartition partition,
      long offset,
      long timestamp,
      String traceparent,
      Consumer<Work<V>> onDone) {
    this.message = message;
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.traceparent = traceparent;
    this.onDone = onDone;
  }

  /** The record's value. */
  public V message() {
    return message;
  }

  /** The sender's span as its header says, which may be anything; empty without one. */
  public String traceparent() {
    return traceparent;
  }

  /** When the record was written. */
  public Instant writtenAt() {
    return Instant.ofEpochMilli(timestamp);
  }

  /** Time between the record's timestamp and now, never negative. */
  public Duration age(Instant now) {
    Duration age = Duration.between(writtenAt(), now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /**
   * Whether nobody wants this work any more here: its partition moved to another member, or the
   * role is stopping. Work that has not begun should be dropped; work under way may be finished, it
   * does no harm.
   */
  public boolean cancelled() {
    return cancelled;
  }

  /**
   * Says that this record is left to the next member of the group, which takes it from its offset.
   * Only for work that is {@link #cancelled}: a stop waits for no other.
   */
  public void drop() {
    if (!cancelled) {
      throw new IllegalStateException(this + " is not cancelled, so nobody else would take it");
    }
    if (done.compareAndSet(false, true)) {
      dropped = true;
      onDone.accept(this);
    }
  }

  /**
   * Finishes the work when its last effect is acknowledged. One that Kafka refuses for good leaves
   * it unfinished, to be taken up again after the next start or rebalance.
   */
  public void doneWhen(CompletionStage<?> acknowledged) {
    var unused =
        acknowledged.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                done();
              } else {
                log.error("event=publish_failed record={} reason=\"{}\"", this, failure.toString());
              }
            });
  }

  /** Says that all effects of this record are acknowledged. Repeats are ignored. */
  public void done() {
    if (done.compareAndSet(false, true)) {
      onDone.accept(this);
    }
  }

  boolean dropped() {
    return dropped;
  }

  void cancel() {
    cancelled = true;
  }

  TopicPartition partition() {
    return partition;
  }

  long offset() {
    return offset;
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
