package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

  private final LogReader<Answer> answers;

  private AnswerReader(LogReader<Answer> answers) {
    this.answers = answers;
  }

  /** Reads from the oldest answer that the log still has. */
  public static AnswerReader fromStart(BusConfig config) {
    return new AnswerReader(LogReader.fromStart(config, Topics.ANSWERS));
  }

  /** Reads the answers that come after this call has returned, or shortly before. */
  public static AnswerReader fromNow(BusConfig config) {
    return new AnswerReader(LogReader.fromNow(config, Topics.ANSWERS));
  }

  /** Hands over the answers up to where the log ends now. */
  public void readToEnd(Consumer<Answer> each) {
    Map<TopicPartition, Long> end = answers.end();
    while (answers.isBefore(end)) {
      answers.poll(POLL, each);
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
    answers.poll(patience, each);
  }

  /** Ends a {@link #follow} of another thread. */
  public void wakeup() {
    answers.wakeup();
  }

  @Override
  public void close() {
    answers.close();
  }
}
