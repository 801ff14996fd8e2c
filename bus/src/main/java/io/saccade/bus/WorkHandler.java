package io.saccade.bus;

import com.google.protobuf.MessageLite;

/**
 * What a role does with the records of its {@link WorkLoop}. All is called on the loop's thread and
 * must not block.
 *
 * @param <V> the topic's message
 */
@FunctionalInterface
public interface WorkHandler<V extends MessageLite> {

  /** Queues work; later, some thread calls one of {@link Work}'s methods that end it. */
  void begin(Work<V> work);

  /**
   * Ends work that must not be begun any more: the process ended each time that it was tried alone,
   * {@link WorkLoop.Options#maxCrashes} times. Unless told otherwise the record goes to {@code
   * dead-letters}.
   */
  default void condemned(Work<V> work) {
    work.bury("the process died of it each time that it was tried alone");
  }

  /**
   * Whom a record gives way to. Records of a lower rank are begun first, those of the same rank as
   * they come. Those above 0 have at most half of {@link WorkLoop.Options#maxUnderWay}, and the
   * loop goes on taking records while they wait.
   *
   * @return at least 0
   */
  default long rank(V message) {
    return 0;
  }
}
