package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.FeedStatus;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads what became of live feeds, without a consumer group. For one thread. */
public final class FeedReader implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);

  private final LogReader<FeedStatus> statuses;

  private FeedReader(LogReader<FeedStatus> statuses) {
    this.statuses = statuses;
  }

  /** Reads from the oldest status that the log still has. */
  public static FeedReader fromStart(BusConfig config) {
    return new FeedReader(LogReader.fromStart(config, Topics.FEED_STATUS));
  }

  /** Hands over the statuses up to where the log ends now; those of one feed in their order. */
  public void readToEnd(Consumer<FeedStatus> each) {
    Map<TopicPartition, Long> end = statuses.end();
    while (statuses.isBefore(end)) {
      statuses.poll(POLL, each);
    }
  }

  /** Hands over what has come, waiting a moment for the first. */
  public void poll(Consumer<FeedStatus> each) {
    statuses.poll(POLL, each);
  }

  @Override
  public void close() {
    statuses.close();
  }
}
