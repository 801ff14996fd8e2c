package io.saccade.bus;

import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * One record that was taken from a topic and must be finished exactly once, from any thread: done,
 * or dropped when it was cancelled. Until it is done its offset, and those behind it in its
 * partition, are not committed.
 *
 * @param <V> the record's message
 */
public final class Work<V extends MessageLite> {

  private final V message;
  private final TopicPartition partition;
  private final long offset;
  private final long timestamp;
  private final String traceparent;
  private final Host<V> host;
  private final AtomicBoolean done = new AtomicBoolean();
  private volatile boolean cancelled;
  private volatile boolean moved;
  private volatile boolean dropped;

  /** Who handed the work out. Called from any thread. */
  interface Host<V extends MessageLite> {

    /** The work is done, or dropped. Once. */
    void ended(Work<V> work);

    /** Calls {@link Work#doneWhen} again in a while: the effect failed. */
    void again(Work<V> work, Supplier<? extends CompletionStage<?>> effect, Throwable failure);

    /** Does what {@link Work#bury} says. */
    void bury(Work<V> work, String reason);
  }

  Work(
      V message,
      TopicPartition partition,
      long offset,
      long timestamp,
      String traceparent,
      Host<V> host) {
    this.message = message;
    this.partition = partition;
    this.offset = offset;
    this.timestamp = timestamp;
    this.traceparent = traceparent;
    this.host = host;
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
      host.ended(this);
    }
  }

  /**
   * Finishes the work when its last effect is acknowledged. One that fails, because Kafka is away
   * or refuses it, is tried again until it is acknowledged or the record belongs to another member;
   * one whose record can never be written is buried.
   *
   * @param effect sends and says when that is acknowledged; called on this thread and, if it is
   *     tried again, on one of the loop's
   */
  public void doneWhen(Supplier<? extends CompletionStage<?>> effect) {
    CompletionStage<?> acknowledged;
    try {
      acknowledged = effect.get();
    } catch (RuntimeException e) { // unfinished, it would hold up its partition
      failed(effect, e);
      return;
    }
    var unused =
        acknowledged.whenComplete(
            (result, failure) -> {
              if (failure == null) {
                done();
              } else {
                failed(effect, failure);
              }
            });
  }

  private void failed(Supplier<? extends CompletionStage<?>> effect, Throwable failure) {
    if (moved) {
      drop();
    } else {
      host.again(this, effect, failure);
    }
  }

  /**
   * Writes the record to {@code dead-letters}; it is done when that is acknowledged.
   *
   * @param reason one sentence
   */
  public void bury(String reason) {
    host.bury(this, reason);
  }

  /** Says that all effects of this record are acknowledged. Repeats are ignored. */
  public void done() {
    if (done.compareAndSet(false, true)) {
      host.ended(this);
    }
  }

  boolean dropped() {
    return dropped;
  }

  /** The role is stopping. */
  void cancel() {
    cancelled = true;
  }

  /** The record belongs to another member. */
  void move() {
    cancelled = true;
    moved = true;
  }

  TopicPartition partition() {
    return partition;
  }

  long offset() {
    return offset;
  }

  long timestamp() {
    return timestamp;
  }

  @Override
  public String toString() {
    return partition + "@" + offset;
  }
}
