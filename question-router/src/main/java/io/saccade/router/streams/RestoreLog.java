package io.saccade.router.streams;

import io.saccade.router.RouterCounters;
import io.saccade.router.RouterEvent;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs the records that are read from changelogs to restore the stores of assigned
 * partitions.
 */
final class RestoreLog implements StateRestoreListener {

  private static final Logger log = LoggerFactory.getLogger(RestoreLog.class);

  private final RouterCounters counters;

  RestoreLog(RouterCounters counters) {
    this.counters = counters;
  }

  @Override
  public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
    log.debug("event=restore_started changelog={} from={} to={}", partition, start, end);
  }

  @Override
  public void onBatchRestored(TopicPartition partition, String store, long end, long records) {
    counters.add(RouterEvent.RESTORED, records);
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long records) {
    log.info("event=restored changelog={} records={}", partition, records);
  }
}
