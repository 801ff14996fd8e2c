package io.saccade.ingest;

import io.saccade.bus.BusConfig;
import io.saccade.bus.Problems;
import io.saccade.proto.Topic;
import io.saccade.proto.Topic.Partitioning;
import io.saccade.proto.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of the contract. Does no harm when called again, or by two at a time. */
public final class TopicCreator {

  private final Admin admin;
  private final BusConfig config;
  private final TopicPlan plan;

  /** Works over {@code admin}, which stays the caller's. */
  public TopicCreator(Admin admin, BusConfig config, TopicPlan plan) {
    this.admin = admin;
    this.config = config;
    this.plan = plan;
  }

  /** What became of a topic. */
  public enum Status {
    /** It was missing and now exists. */
    CREATED,
    /** It existed and stays as it was. */
    KEPT,
    /** It does not exist. */
    MISSING
  }

  /**
   * A topic of the contract on a broker.
   *
   * @param topic its full name
   * @param partitions how many it has, 0 if missing
   * @param differing settings that are not the plan's, as {@code actual (planned)}
   */
  public record TopicState(
      String topic, Status status, int partitions, Map<String, String> differing) {}

  /**
   * Creates what is missing and keeps what exists.
   *
   * @return every topic, in the order of the flow
   * @throws io.saccade.bus.ConfigException if an existing topic has another number of partitions:
   *     records of one video would lie in different partitions of different topics. Nothing is
   *     created then.
   * @throws IngestException if the broker does not answer
   * @throws KafkaException if the broker refuses
   */
  public List<TopicState> create() {
    Map<String, TopicDescription> existing = describe();
    requireSamePartitions(existing);
    List<NewTopic> missing =
        Topics.ALL.stream()
            .filter(topic -> !existing.containsKey(config.name(topic)))
            .map(this::newTopic)
            .toList();
    Map<String, KafkaFuture<Void>> created = admin.createTopics(missing).values();
    created.values().forEach(this::awaitCreated);
    return states(existing, created.keySet());
  }

  /** Every topic as the broker has it now, in the order of the flow. */
  public List<TopicState> list() {
    return states(describe(), Set.of());
  }

  private NewTopic newTopic(Topic<?> topic) {
    return new NewTopic(config.name(topic), plan.partitionsOf(topic), plan.replicationFactor())
        .configs(plan.settingsOf(topic));
  }

  private void awaitCreated(KafkaFuture<Void> created) {
    try {
      BusCheck.get(created, config);
    } catch (TopicExistsException e) {
      // Somebody else created it since we looked: what we wanted.
    }
  }

  private void requireSamePartitions(Map<String, TopicDescription> existing) {
    List<String> others =
        Topics.ALL.stream()
            .filter(topic -> topic.partitioning() == Partitioning.BY_VIDEO)
            .map(topic -> existing.get(config.name(topic)))
            .filter(found -> found != null && found.partitions().size() != plan.partitions())
            .map(found -> found.name() + " has " + found.partitions().size())
            .toList();
    new Problems()
        .unless(
            others.isEmpty(),
            "partitions",
            plan.partitions(),
            String.join(", ", others) + "; ask for as many or use another topic prefix")
        .throwIfAny("topics");
  }

  private Map<String, TopicDescription> describe() {
    List<String> names = Topics.ALL.stream().map(config::name).toList();
    Map<String, TopicDescription> existing = new HashMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach((name, future) -> described(future).ifPresent(d -> existing.put(name, d)));
    return existing;
  }

  private Optional<TopicDescription> described(KafkaFuture<TopicDescription> future) {
    try {
      return Optional.of(BusCheck.get(future, config));
    } catch (UnknownTopicOrPartitionException e) {
      return Optional.empty();
    }
  }

  private List<TopicState> states(Map<String, TopicDescription> existing, Set<String> created) {
    Map<String, Config> settings = settings(existing.keySet());
    return Topics.ALL.stream()
        .map(topic -> state(topic, existing.get(config.name(topic)), settings, created))
        .toList();
  }

  private TopicState state(
      Topic<?> topic,
      TopicDescription description,
      Map<String, Config> settings,
      Set<String> created) {
    String name = config.name(topic);
    if (created.contains(name)) {
      return new TopicState(name, Status.CREATED, plan.partitionsOf(topic), Map.of());
    }
    if (description == null) {
      return new TopicState(name, Status.MISSING, 0, Map.of());
    }
    return new TopicState(
        name,
        Status.KEPT,
        description.partitions().size(),
        differing(settings.get(name), plan.settingsOf(topic)));
  }

  private Map<String, Config> settings(Set<String> names) {
    List<ConfigResource> resources =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    return BusCheck.get(admin.describeConfigs(resources).all(), config).entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
  }

  private static Map<String, String> differing(Config actual, Map<String, String> planned) {
    Map<String, String> differing = new TreeMap<>();
    planned.forEach(
        (key, value) -> {
          String is = actual.get(key) == null ? "unset" : actual.get(key).value();
          if (!value.equals(is)) {
            differing.put(key, is + " (" + value + ")");
          }
        });
    return differing;
  }
}
