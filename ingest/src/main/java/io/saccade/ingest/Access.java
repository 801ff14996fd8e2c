package io.saccade.ingest;

import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What each role does on the bus, and so the least that its user must be allowed. */
public enum Access {
  /** The question router. Kafka Streams keeps its stores in topics that it creates itself. */
  ROUTER,
  /** The frame sampler. */
  SAMPLER,
  /** The inference worker. Its group carries the model's name. */
  WORKER,
  /** Whoever publishes videos and asks. */
  PRODUCER,
  /** Whoever reads what comes of it, without a group of his own. */
  CONSUMER,
  /** {@code saccade topics}. */
  TOPICS;

  /** How the names of the router's stores and transactions begin. */
  private static final String STORES = "question-router-";

  /**
   * Something that is allowed with all names that begin so.
   *
   * @param prefix after the topic prefix
   */
  record Rule(ResourceType type, String prefix, AclOperation operation) {}

  /** Topics that the role reads. */
  List<Topic<?>> reads() {
    return switch (this) {
      case ROUTER ->
          List.of(
              Topics.MODELS,
              Topics.VIDEOS,
              Topics.QUESTIONS,
              Topics.STANDING_QUESTIONS,
              Topics.CLIPS,
              Topics.RESULTS);
      case SAMPLER -> List.of(Topics.MODELS, Topics.VIDEOS, Topics.SAMPLING_REQUESTS);
      case WORKER -> List.of(Topics.INFERENCE_REQUESTS, Topics.FRAMES);
      case CONSUMER ->
          List.of(Topics.ANSWERS, Topics.ANSWER_CHUNKS, Topics.ALERTS, Topics.FEED_STATUS);
      case PRODUCER -> List.of(Topics.STANDING_QUESTIONS); // to list them, and to cancel known ones
      case TOPICS -> List.of();
    };
  }

  /** Topics that the role writes. */
  List<Topic<?>> writes() {
    return switch (this) {
      case ROUTER ->
          List.of(
              Topics.SAMPLING_REQUESTS,
              Topics.INFERENCE_REQUESTS,
              Topics.ANSWERS,
              Topics.ALERTS,
              Topics.DEAD_LETTERS);
      case SAMPLER -> List.of(Topics.FRAMES, Topics.CLIPS, Topics.FEED_STATUS, Topics.DEAD_LETTERS);
      case WORKER ->
          List.of(Topics.MODELS, Topics.ANSWER_CHUNKS, Topics.RESULTS, Topics.DEAD_LETTERS);
      case PRODUCER -> List.of(Topics.VIDEOS, Topics.QUESTIONS, Topics.STANDING_QUESTIONS);
      case CONSUMER, TOPICS -> List.of();
    };
  }

  /** How the names of its consumer groups begin, after the topic prefix. */
  List<String> groups() {
    return switch (this) {
      case ROUTER -> List.of("question-router");
      case SAMPLER -> List.of("frame-sampler");
      case WORKER -> List.of("inference-worker");
      case PRODUCER, CONSUMER, TOPICS -> List.of();
    };
  }

  /** What is not about the contract's topics and groups. */
  List<Rule> more() {
    return switch (this) {
      case ROUTER ->
          List.of(
              new Rule(ResourceType.TRANSACTIONAL_ID, STORES, AclOperation.WRITE),
              new Rule(ResourceType.TOPIC, STORES, AclOperation.CREATE),
              new Rule(ResourceType.TOPIC, STORES, AclOperation.READ),
              new Rule(ResourceType.TOPIC, STORES, AclOperation.WRITE));
      case TOPICS ->
          List.of(
              new Rule(ResourceType.TOPIC, "", AclOperation.CREATE),
              new Rule(ResourceType.TOPIC, "", AclOperation.DESCRIBE),
              new Rule(ResourceType.TOPIC, "", AclOperation.DESCRIBE_CONFIGS));
      case SAMPLER, WORKER, PRODUCER, CONSUMER -> List.of();
    };
  }

  /** As it is called on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The access list of the role's user. READ and WRITE of a topic imply that it may be described.
   *
   * @param topicPrefix put before each topic's and group's name
   * @param principal who, e.g. {@code User:worker}
   */
  public List<AclBinding> acls(String topicPrefix, String principal) {
    List<AclBinding> acls = new ArrayList<>();
    for (Topic<?> topic : reads()) {
      acls.add(literal(topic.on(topicPrefix), principal, AclOperation.READ));
    }
    for (Topic<?> topic : writes()) {
      acls.add(literal(topic.on(topicPrefix), principal, AclOperation.WRITE));
    }
    for (String group : groups()) {
      Rule rule = new Rule(ResourceType.GROUP, group, AclOperation.READ);
      acls.add(prefixed(rule, topicPrefix, principal));
    }
    more().forEach(rule -> acls.add(prefixed(rule, topicPrefix, principal)));
    return List.copyOf(acls);
  }

  private static AclBinding literal(String topic, String principal, AclOperation operation) {
    return binding(
        new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL), principal, operation);
  }

  /** No name begins with nothing, as Kafka sees it: all names are a name of their own. */
  private static AclBinding prefixed(Rule rule, String topicPrefix, String principal) {
    String prefix = topicPrefix + rule.prefix();
    ResourcePattern resource =
        prefix.isEmpty()
            ? new ResourcePattern(
                rule.type(), ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL)
            : new ResourcePattern(rule.type(), prefix, PatternType.PREFIXED);
    return binding(resource, principal, rule.operation());
  }

  private static AclBinding binding(
      ResourcePattern resource, String principal, AclOperation operation) {
    return new AclBinding(
        resource, new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW));
  }
}
