package io.saccade.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker and its KRaft controller in this process: the real one, on a folder that outlives
 * it. A second start on the same folder goes on with the same cluster, also after a kill.
 *
 * <p>One broker holds one copy of everything. It is made for trying things out, for tests and for
 * single machines; a service that must outlive a disk has a cluster elsewhere.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final int NODE_ID = 1;
  private static final String CLIENTS = "PLAINTEXT";
  private static final String CONTROLLER = "CONTROLLER";

  /** Heap for compaction; Kafka's default allocates 128 MB at once. */
  private static final int CLEANER_BYTES = 2 << 20;

  /** Small enough that a log kept by bytes is cut soon, large enough for a clip of frames. */
  private static final int SEGMENT_BYTES = 64 << 20;

  private static final Duration RETENTION_CHECK = Duration.ofSeconds(10);

  private final DataDir data;
  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private EmbeddedBroker(DataDir data, KafkaRaftServer server, String bootstrapServers) {
    this.data = data;
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker and returns when clients can connect.
   *
   * @throws BrokerException if the port is taken or the folder cannot be used
   */
  public static EmbeddedBroker start(BrokerConfig config) {
    DataDir data = DataDir.lock(config.dataDir());
    try {
      int port = Ports.claim(config.host(), config.port());
      data.format(NODE_ID, CONTROLLER);
      KafkaConfig settings = new KafkaConfig(settings(config, data, port), false);
      KafkaRaftServer server = new KafkaRaftServer(settings, Time.SYSTEM);
      server.startup();
      return new EmbeddedBroker(data, server, config.advertisedHost() + ":" + port);
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
  }

  /** What clients connect to, {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops the broker, its log flushed, and frees the folder. Idempotent. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    data.close();
  }

  private static Map<String, String> settings(BrokerConfig config, DataDir data, int port) {
    // A static quorum's voter is known by this setting alone, so its port may differ every time.
    String controller = BrokerConfig.LOOPBACK + ":" + Ports.claim(BrokerConfig.LOOPBACK, 0);
    Map<String, String> settings = new HashMap<>(SINGLE_BROKER);
    settings.put("node.id", Integer.toString(NODE_ID));
    settings.put("controller.quorum.voters", NODE_ID + "@" + controller);
    settings.put("log.dirs", data.log().toString());
    settings.put(
        "listeners",
        listener(CLIENTS, config.host() + ":" + port) + "," + listener(CONTROLLER, controller));
    settings.put("advertised.listeners", listener(CLIENTS, config.advertisedHost() + ":" + port));
    return settings;
  }

  private static String listener(String name, String address) {
    return name + "://" + address;
  }

  private static final Map<String, String> SINGLE_BROKER = singleBroker();

  private static Map<String, String> singleBroker() {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("controller.listener.names", CONTROLLER);
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      settings.put(topic + ".replication.factor", "1");
      settings.put(topic + ".num.partitions", "1");
    }
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");
    // Roles create what they need by name; a typing error must not become a topic.
    settings.put("auto.create.topics.enable", "false");
    // The first consumer of a group waits for nobody.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(CLEANER_BYTES));
    settings.put("log.segment.bytes", Integer.toString(SEGMENT_BYTES));
    settings.put("log.retention.check.interval.ms", Long.toString(RETENTION_CHECK.toMillis()));
    settings.put("log.segment.delete.delay.ms", "1000");
    // After a kill the controller waits this long before it believes that the old broker is gone.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("num.recovery.threads.per.data.dir", "2");
    settings.put("background.threads", "2");
    return Map.copyOf(settings);
  }
}
