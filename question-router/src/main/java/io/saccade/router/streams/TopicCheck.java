package io.saccade.router.streams;

import io.saccade.bus.BusConfig;
import io.saccade.bus.Problems;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.router.flow.RouterOutputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Checks the topics before the router starts. Kafka Streams would wait forever for a missing topic,
 * and with unequal numbers of partitions it would assign a video's records to different tasks.
 */
final class TopicCheck {

  private TopicCheck() {}

  /**
   * Checks every topic that the router reads or writes.
   *
   * @throws io.saccade.bus.ConfigException naming all that are missing or partitioned wrongly, or
   *     the broker if it does not answer
   */
  static void run(BusConfig bus) {
    Map<Topic<?>, Integer> partitions = new HashMap<>();
    Problems problems = new Problems();
    try (Admin admin = Admin.create(bus.admin())) {
      List<String> names = topics().stream().map(bus::name).toList();
      Map<String, KafkaFuture<TopicDescription>> found =
          admin.describeTopics(names).topicNameValues();
      for (Topic<?> topic : topics()) {
        int count = partitions(Objects.requireNonNull(found.get(bus.name(topic))));
        problems.unless(
            count > 0, "topic", bus.name(topic), "does not exist; run `saccade topics create`");
        partitions.put(topic, count);
      }
    } catch (ExecutionException e) {
      problems.unless(
          false, "bootstrap-servers", bus.bootstrapServers(), "did not answer: " + e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problems.unless(false, "start", "interrupted", "start again");
    }
    problems.throwIfAny("router");
    checkEqual(bus, partitions);
  }

  private static List<Topic<?>> topics() {
    List<Topic<?>> topics = new ArrayList<>(RouterTopology.INPUTS);
    topics.addAll(RouterOutputs.TOPICS);
    topics.add(Topics.MODELS);
    topics.add(Topics.STANDING_QUESTIONS);
    return topics;
  }

  /** The number of partitions; 0 for a topic that does not exist. */
  private static int partitions(KafkaFuture<TopicDescription> topic)
      throws ExecutionException, InterruptedException {
    try {
      return topic.get().partitions().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw e;
    }
  }

  private static void checkEqual(BusConfig bus, Map<Topic<?>, Integer> partitions) {
    int expected = partitions.getOrDefault(Topics.QUESTIONS, 0);
    Problems problems = new Problems();
    for (Topic<?> topic : RouterTopology.INPUTS) {
      int count = partitions.getOrDefault(topic, 0);
      problems.unless(
          count == expected,
          "topic",
          bus.name(topic),
          "has "
              + count
              + " partitions where "
              + bus.name(Topics.QUESTIONS)
              + " has "
              + expected
              + "; give all topics that are keyed by video the same number");
    }
    problems.throwIfAny("router");
  }
}
