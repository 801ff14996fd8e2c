package io.saccade.router.streams;

import io.saccade.router.RouterConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The router's Kafka Streams settings. */
final class StreamsSettings {

  /**
   * The application id after the topic prefix: the consumer group's name and the prefix of the
   * changelog topics.
   */
  private static final String APPLICATION = "question-router";

  private StreamsSettings() {}

  /**
   * The router's defaults for latency and failover, replaced by the user's settings, replaced by
   * those that the router depends on, such as exactly-once processing.
   */
  static Map<String, Object> of(RouterConfig config) {
    Map<String, Object> settings = new HashMap<>();
    // Lingering would add to the commit interval, which already bounds the batch of a transaction.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // How soon a killed router is detected. Without a prefix, so that a user's setting with any
    // prefix wins.
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
    // A longer poll would delay the commit of the records before it.
    settings.put(StreamsConfig.POLL_MS_CONFIG, Math.min(100, config.commitInterval().toMillis()));
    settings.putAll(config.bus().kafka());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bus().bootstrapServers());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.bus().topicPrefix() + APPLICATION);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
    settings.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        InstanceId.of(config.stateDir()));
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    settings.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return settings;
  }
}
