package io.saccade.bench.scale;

import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;

/** How far router and worker are behind. */
final class ScaleLag {

  /** What the router reads of a live feed's windows. */
  private static final List<Topic<?>> OF_ROUTER = List.of(Topics.CLIPS, Topics.RESULTS);

  private static final List<Topic<?>> OF_WORKER = List.of(Topics.INFERENCE_REQUESTS);

  private ScaleLag() {}

  /**
   * Offsets of these groups' topics that they have not committed yet: of each partition with
   * transactions the last one is a marker, which no group commits before the next record.
   */
  static double of(Admin admin, ScaleLive live) throws ExecutionException, InterruptedException {
    String router = live.bus().topicPrefix() + "question-router";
    return behind(admin, router, names(live, OF_ROUTER))
        + behind(admin, live.workers(), names(live, OF_WORKER));
  }

  private static List<String> names(ScaleLive live, List<Topic<?>> topics) {
    return topics.stream().map(live.bus()::name).toList();
  }

  private static long behind(Admin admin, String group, List<String> topics)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> taken = new HashMap<>();
    for (var described : admin.describeTopics(topics).allTopicNames().get().values()) {
      for (TopicPartitionInfo partition : described.partitions()) {
        taken.put(new TopicPartition(described.name(), partition.partition()), 0L);
      }
    }
    admin
        .listConsumerGroupOffsets(group)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach((partition, offset) -> taken.put(partition, offset.offset()));
    return admin
        .listOffsets(
            taken.keySet().stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
        .all()
        .get()
        .entrySet()
        .stream()
        .mapToLong(entry -> Math.max(0, entry.getValue().offset() - taken.get(entry.getKey())))
        .sum();
  }
}
