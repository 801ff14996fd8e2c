package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.StandingQuestion;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** Reads the standing questions that are asked now. */
public final class StandingReader {

  private static final Duration POLL = Duration.ofMillis(500);

  private StandingReader() {}

  /**
   * The last record of each id that was not cancelled, by id. Whether the router can ask it is not
   * checked.
   */
  public static Map<String, StandingQuestion> current(BusConfig config) {
    Map<String, StandingQuestion> current = new TreeMap<>();
    try (LogReader<StandingQuestion> log = LogReader.fromStart(config, Topics.STANDING_QUESTIONS)) {
      Map<TopicPartition, Long> end = log.end();
      while (log.isBefore(end)) {
        log.poll(
            POLL,
            (id, standing) ->
                standing.ifPresentOrElse(
                    question -> current.put(id, question), () -> current.remove(id)));
      }
    }
    return current;
  }
}
