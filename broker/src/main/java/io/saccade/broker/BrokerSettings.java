package io.saccade.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes Kafka's own settings of an embedded broker. */
final class BrokerSettings {

  static final int SINGLE_NODE_ID = 1;
  static final String CONTROLLER = "CONTROLLER";

  private static final String CLIENTS = "CLIENTS";

  /** Where a secured broker talks to itself, and its admin user's password is set. */
  private static final String INTERNAL = "INTERNAL";

  /** Heap for compaction; Kafka's default allocates 128 MB at once. */
  private static final int CLEANER_BYTES = 2 << 20;

  /** Small enough that a log kept by bytes is cut soon, large enough for a clip of frames. */
  private static final int SEGMENT_BYTES = 64 << 20;

  private static final Duration RETENTION_CHECK = Duration.ofSeconds(10);

  private final Map<String, String> settings = new HashMap<>();
  private final List<String> listeners = new ArrayList<>();
  private final List<String> advertised = new ArrayList<>();
  private final List<String> protocols = new ArrayList<>();

  private BrokerSettings() {}

  /** Settings of a broker without users. */
  static Map<String, String> open(BrokerConfig config, DataDir data, int port) {
    BrokerSettings made = new BrokerSettings();
    made.common(config, data);
    made.listen(CONTROLLER, "PLAINTEXT", made.controller(config));
    made.advertise(
        CLIENTS, "PLAINTEXT", config.host() + ":" + port, config.advertisedHost() + ":" + port);
    made.settings.put("inter.broker.listener.name", CLIENTS);
    return made.finish();
  }

  /**
   * Settings of a secured broker, alone on its machine.
   *
   * @param internal where it talks to itself, {@code host:port}
   * @param self as whom
   */
  static Map<String, String> secured(
      BrokerConfig config, DataDir data, int port, String internal, Login self) {
    BrokerSettings made = new BrokerSettings();
    made.common(config, data);
    made.listen(CONTROLLER, "SASL_PLAINTEXT", made.controller(config));
    made.advertise(INTERNAL, "SASL_PLAINTEXT", internal, internal);
    made.advertise(
        CLIENTS, "SASL_SSL", config.host() + ":" + port, config.advertisedHost() + ":" + port);
    made.settings.put("inter.broker.listener.name", INTERNAL);
    made.plain(CONTROLLER, self);
    made.plain(INTERNAL, self);
    made.settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    made.settings.put("sasl.mechanism.controller.protocol", "PLAIN");
    made.scram(config.security().orElseThrow(), self);
    return made.finish();
  }

  private void common(BrokerConfig config, DataDir data) {
    settings.put("process.roles", "broker,controller");
    settings.put("controller.listener.names", CONTROLLER);
    settings.put("log.dirs", data.log().toString());
    replication(
        config.quorum().map(Quorum::nodes).orElse(1),
        config.quorum().map(Quorum::copies).orElse(1),
        config.quorum().map(Quorum::leastInSync).orElse(1));
    // Roles create what they need by name; a typing error must not become a topic.
    settings.put("auto.create.topics.enable", "false");
    // The first consumer of a group waits for nobody.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(CLEANER_BYTES));
    settings.put("log.segment.bytes", Integer.toString(SEGMENT_BYTES));
    settings.put("log.retention.check.interval.ms", Long.toString(RETENTION_CHECK.toMillis()));
    settings.put("log.segment.delete.delay.ms", "1000");
    // After a kill the controller waits this long before it believes that a broker is gone. One
    // that is alone has nobody who could take over meanwhile; among several, a busy one must not be
    // taken for a dead one.
    settings.put("broker.session.timeout.ms", config.quorum().isPresent() ? "6000" : "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    // A transaction that a frozen router left open holds back every reader of answers; Kafka looks
    // for those that are over only every 10 s.
    settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("num.recovery.threads.per.data.dir", "2");
    settings.put("background.threads", "2");
  }

  private void replication(int nodes, int copies, int leastInSync) {
    settings.put("default.replication.factor", Integer.toString(copies));
    settings.put("min.insync.replicas", Integer.toString(leastInSync));
    for (String topic :
        List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
      settings.put(topic + ".replication.factor", Integer.toString(copies));
      settings.put(topic + ".num.partitions", Integer.toString(nodes));
    }
    settings.put("transaction.state.log.min.isr", Integer.toString(leastInSync));
    settings.put("share.coordinator.state.topic.min.isr", Integer.toString(leastInSync));
  }

  /** Names the node and its controllers; returns where this one's listens. */
  private String controller(BrokerConfig config) {
    if (config.quorum().isPresent()) {
      Quorum quorum = config.quorum().get();
      settings.put("node.id", Integer.toString(quorum.nodeId()));
      settings.put("controller.quorum.voters", quorum.voters());
      return quorum.own();
    }
    // A static quorum's voter is known by this setting alone, so its port may differ every time.
    String address = BrokerConfig.LOOPBACK + ":" + Ports.claim(BrokerConfig.LOOPBACK, 0);
    settings.put("node.id", Integer.toString(SINGLE_NODE_ID));
    settings.put("controller.quorum.voters", SINGLE_NODE_ID + "@" + address);
    return address;
  }

  private void listen(String name, String protocol, String address) {
    listeners.add(name + "://" + address);
    protocols.add(name + ":" + protocol);
  }

  private void advertise(String name, String protocol, String address, String advertisedAddress) {
    listen(name, protocol, address);
    advertised.add(name + "://" + advertisedAddress);
  }

  /** A listener that knows one user, who is this broker. */
  private void plain(String listener, Login self) {
    String prefix = "listener.name." + listener.toLowerCase(java.util.Locale.ROOT) + ".";
    settings.put(prefix + "sasl.enabled.mechanisms", "PLAIN");
    settings.put(prefix + "plain.sasl.jaas.config", self.plainServer());
  }

  private void scram(BrokerSecurity security, Login self) {
    String prefix = "listener.name.clients.";
    settings.put(prefix + "sasl.enabled.mechanisms", "SCRAM-SHA-512");
    settings.put(
        prefix + "scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put(prefix + "ssl.keystore.location", security.keyStore().toString());
    settings.put(prefix + "ssl.keystore.password", security.keyStorePassword());
    settings.put(prefix + "ssl.key.password", security.keyStorePassword());
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:" + self.user() + ";User:" + security.admin());
  }

  private Map<String, String> finish() {
    settings.put("listeners", String.join(",", listeners));
    settings.put("advertised.listeners", String.join(",", advertised));
    settings.put("listener.security.protocol.map", String.join(",", protocols));
    return Map.copyOf(settings);
  }
}
