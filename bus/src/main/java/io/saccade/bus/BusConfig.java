package io.saccade.bus;

import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Where the broker is and how Kafka clients are set.
 *
 * @param bootstrapServers Kafka's {@code bootstrap.servers}
 * @param topicPrefix put before each topic's and consumer group's name
 * @param kafka further Kafka client settings, passed through unchanged; they win over our defaults,
 *     but not over the settings that our semantics rest on
 */
public record BusConfig(String bootstrapServers, String topicPrefix, Map<String, String> kafka) {

  /** Set by us because a different value would lose or double records. */
  private static final Set<String> OURS =
      Set.of(
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);

  /**
   * A frame tensor is a megabyte: defaults tuned for small records would fetch and send them one by
   * one.
   */
  private static final int FETCH_BYTES = 16 << 20;

  private static final int SOCKET_BYTES = 2 << 20;

  /** Checks all fields and copies the map. */
  public BusConfig {
    kafka = Map.copyOf(kafka);
    Problems problems =
        new Problems()
            .unless(
                !bootstrapServers.isBlank(),
                "bootstrap-servers",
                "''",
                "name a broker, for example localhost:9092")
            .unless(
                topicPrefix.matches("[a-zA-Z0-9._-]{0,100}"),
                "topic-prefix",
                topicPrefix,
                "only letters, digits, '.', '_' and '-'");
    for (String key : kafka.keySet()) {
      problems.unless(
          !OURS.contains(key), "kafka." + key, kafka.get(key), "is set by Saccade; remove it");
    }
    problems.throwIfAny("bus");
  }

  /** A broker with the default prefix and no further settings. */
  public static BusConfig of(String bootstrapServers) {
    return new BusConfig(bootstrapServers, Topics.DEFAULT_PREFIX, Map.of());
  }

  /** The topic's name on this bus. */
  public String name(Topic<?> topic) {
    return topic.on(topicPrefix);
  }

  /** Settings of an admin client. */
  public Map<String, Object> admin() {
    return merged(Map.of());
  }

  /** Settings of an idempotent producer whose sends outlive a broker's absence. */
  public Map<String, Object> producer() {
    Map<String, Object> ours = new HashMap<>();
    ours.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    ours.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    ours.put(ProducerConfig.SEND_BUFFER_CONFIG, SOCKET_BYTES);
    ours.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Integer.MAX_VALUE);
    Map<String, Object> all = merged(ours);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return all;
  }

  /** Settings of a consumer that commits nothing by itself; without a group. */
  public Map<String, Object> consumer() {
    Map<String, Object> ours = new HashMap<>();
    ours.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    ours.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    ours.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    ours.put(ConsumerConfig.RECEIVE_BUFFER_CONFIG, SOCKET_BYTES);
    if (!isBrokerSide()) {
      ours.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
      ours.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
      ours.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    Map<String, Object> all = merged(ours);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return all;
  }

  /**
   * Whether groups are the broker's business (group.protocol=consumer), which refuses these
   * settings.
   */
  private boolean isBrokerSide() {
    String protocol = kafka.getOrDefault(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "");
    return protocol.equalsIgnoreCase(GroupProtocol.CONSUMER.name());
  }

  /** Settings of a consumer in a group whose name carries the prefix. */
  public Map<String, Object> consumer(String group) {
    Map<String, Object> all = consumer();
    all.put(ConsumerConfig.GROUP_ID_CONFIG, topicPrefix + group);
    return all;
  }

  /** Opens a producer with string keys; the caller closes it. */
  public <V> KafkaProducer<String, V> openProducer(Serializer<V> values) {
    return new KafkaProducer<>(producer(), new StringSerializer(), values);
  }

  /** Opens a consumer with string keys; the caller closes it. */
  public static <V> KafkaConsumer<String, V> openConsumer(
      Map<String, Object> settings, Deserializer<V> values) {
    return new KafkaConsumer<>(settings, new StringDeserializer(), values);
  }

  private Map<String, Object> merged(Map<String, Object> ours) {
    Map<String, Object> all = new HashMap<>(ours);
    all.putAll(kafka);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return all;
  }
}
