package io.saccade.ingest;

import io.saccade.bus.Problems;
import io.saccade.proto.Topic;
import io.saccade.proto.Topic.Partitioning;
import io.saccade.proto.Topics;
import java.util.HashMap;
import java.util.Map;

/**
 * How topics are made where the contract leaves a choice.
 *
 * @param partitions of each topic that is split by video, 1 to 10,000
 * @param replicationFactor copies of each partition, or -1 for the broker's default
 * @param framesRetention most bytes that the frames topic keeps, all partitions together, each copy
 *     on its own; at least {@link #LEAST_FRAMES_RETENTION}
 */
public record TopicPlan(int partitions, short replicationFactor, long framesRetention) {

  /** Partitions unless asked otherwise: up to four workers share the work. */
  public static final int DEFAULT_PARTITIONS = 4;

  /** Less would not keep a clip until it is read. */
  public static final long LEAST_FRAMES_RETENTION = 64L << 20;

  /** Four partitions, the broker's default replication, 8 GiB of frames. */
  public static final TopicPlan DEFAULT = new TopicPlan(DEFAULT_PARTITIONS, (short) -1, 8L << 30);

  /** A partition deletes whole segments only, so it needs several to stay near its limit. */
  private static final int SEGMENTS = 4;

  /** Kafka's own default, which larger segments gain nothing over. */
  private static final long MAX_SEGMENT_BYTES = 1L << 30;

  /** A few frames. */
  private static final long MIN_SEGMENT_BYTES = 4L << 20;

  /** Checks all fields. */
  public TopicPlan {
    new Problems()
        .unless(
            partitions >= 1 && partitions <= 10_000, "partitions", partitions, "must be 1 to 10000")
        .unless(
            replicationFactor == -1 || replicationFactor >= 1,
            "replication-factor",
            replicationFactor,
            "must be at least 1, or -1 for the broker's default")
        .unless(
            framesRetention >= LEAST_FRAMES_RETENTION,
            "frames-retention",
            framesRetention,
            "must be at least " + LEAST_FRAMES_RETENTION + " bytes")
        .throwIfAny("topics");
  }

  /** How many partitions a topic gets. */
  int partitionsOf(Topic<?> topic) {
    return topic.partitioning() == Partitioning.SINGLE ? 1 : partitions;
  }

  /** The settings a topic gets. */
  Map<String, String> settingsOf(Topic<?> topic) {
    Map<String, String> settings = new HashMap<>(topic.settings());
    if (topic.equals(Topics.FRAMES)) {
      long partition = framesRetention / partitions;
      long segment = Math.max(MIN_SEGMENT_BYTES, Math.min(partition / SEGMENTS, MAX_SEGMENT_BYTES));
      settings.put("retention.bytes", Long.toString(partition));
      settings.put("segment.bytes", Long.toString(segment));
    }
    return settings;
  }
}
