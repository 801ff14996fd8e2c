package io.saccade.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds the Kafka server settings of an embedded broker. */
final class BrokerSettings {

  static final int SINGLE_NODE_ID = 1;
  static final String CONTROLLER = "CONTROLLER";

  private static final String CLIENTS = "CLIENTS";

  /**
   * The listener for a secured broker's connections to itself, over which its super user's password
   * is set.
   */
  private static final String INTERNAL = "INTERNAL";

  /** Heap for log compaction, in bytes; Kafka's default allocates 128 MB at the start. */
  private static final int CLEANER_BYTES = 2 << 20;

  /**
   * Size of a log segment in bytes: small enough that retention by bytes takes effect soon, large
   * enough for the frames of a clip.
   */
  private static final int SEGMENT_BYTES = 64 << 20;

  private static final Duration RETENTION_CHECK = Duration.ofSeconds(10);

  private final Map<String, String> settings = new HashMap<>();
  private final List<String> listeners = new ArrayList<>();
  private final List<String> advertised = new ArrayList<>();
  private final List<String> protocols = new ArrayList<>();

  private BrokerSettings() {}

  /** Settings of a broker without security, alone or in a quorum. */
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
   * Settings of a secured single broker.
   *
   * @param internal the address of the listener for its connections to itself, {@code host:port}
   * @param self the login of these connections
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
    // Topics are created explicitly, so that a mistyped name does not create one.
    settings.put("auto.create.topics.enable", "false");
    // The first consumer of a group does not wait for further members.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(CLEANER_BYTES));
    settings.put("log.segment.bytes", Integer.toString(SEGMENT_BYTES));
    settings.put("log.retention.check.interval.ms", Long.toString(RETENTION_CHECK.toMillis()));
    settings.put("log.segment.delete.delay.ms", "1000");
    // The controller fences a broker without heartbeats after this time, also after a kill and
    // restart. For a single broker a short time only speeds up the restart; in a quorum a busy
    // broker must not be fenced.
    settings.put("broker.session.timeout.ms", config.quorum().isPresent() ? "6000" : "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    // An open transaction of a frozen router blocks all readers of answers; by default Kafka aborts
    // expired transactions only every 10 s.
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

  /** Sets the node id and the voters; returns the address of this node's controller. */
  private String controller(BrokerConfig config) {
    if (config.quorum().isPresent()) {
      Quorum quorum = config.quorum().get();
      settings.put("node.id", Integer.toString(quorum.nodeId()));
      settings.put("controller.quorum.voters", quorum.voters());
      return quorum.own();
    }
    // The voters of a static quorum are defined by this setting only, so the port may change at
    // each start.
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

  /** Configures a listener whose only user is this broker. */
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
