package io.saccade.router.streams;

import io.saccade.router.RouterConfig;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The router's Kafka Streams settings. */
public final class StreamsSettings {

  /** The consumer group, and the start of the names of the stores' topics, after the prefix. */
  private static final String APPLICATION = "question-router";

  private StreamsSettings() {}

  /** Ours for latency and failover, then the user's, then those that exactly-once rests on. */
  public static Map<String, Object> of(RouterConfig config) {
    Map<String, Object> settings = new HashMap<>();
    // The batch of a transaction is bounded by the commit interval already: do not wait twice.
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // Without a prefix, so that the user's win with any: how soon a killed router is missed.
    settings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 2_000);
    // A poll that waits longer would put off the commit of what was just done.
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
