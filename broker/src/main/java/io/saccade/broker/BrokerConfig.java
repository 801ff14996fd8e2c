package io.saccade.broker;

import io.saccade.bus.Problems;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The configuration of an embedded broker: its folder, its addresses and who may connect.
 *
 * @param dataDir the folder of its log and cluster id; created if missing, else the broker
 *     continues with its contents
 * @param host the address to listen on
 * @param advertisedHost the host that clients connect to; must resolve to this machine
 * @param port the TCP port; 0 takes a free one
 * @param quorum the quorum that this broker is a node of; absent for a single broker
 * @param security TLS, users and access lists; absent admits every client that reaches the port.
 *     Not together with a quorum
 */
public record BrokerConfig(
    Path dataDir,
    String host,
    String advertisedHost,
    int port,
    Optional<Quorum> quorum,
    Optional<BrokerSecurity> security) {

  /** Kafka's default port. */
  public static final int DEFAULT_PORT = 9092;

  /** The loopback address, which only clients on this machine reach. */
  public static final String LOOPBACK = "127.0.0.1";

  /**
   * Checks all fields.
   *
   * @throws io.saccade.bus.ConfigException naming every field that is invalid
   */
  public BrokerConfig {
    Objects.requireNonNull(dataDir, "dataDir");
    new Problems()
        .unless(!host.isBlank(), "host", "''", "name an address of this machine")
        .unless(
            !advertisedHost.isBlank() && !advertisedHost.equals("0.0.0.0"),
            "advertised-host",
            "'" + advertisedHost + "'",
            "name the host that clients connect to")
        .unless(port >= 0 && port <= 65_535, "port", port, "must be 0 (any free one) to 65535")
        .unless(
            quorum.isEmpty() || security.isEmpty(),
            "quorum",
            quorum.map(Quorum::controllers).orElse(null),
            "the nodes of a quorum connect to each other in the clear, so they cannot be secured; use a"
                + " single broker, or a cluster of Apache Kafka")
        .throwIfAny("broker");
  }

  /** A single broker that only clients on this machine reach. */
  public static BrokerConfig local(Path dataDir, int port) {
    return new BrokerConfig(dataDir, LOOPBACK, LOOPBACK, port, Optional.empty(), Optional.empty());
  }

  /** The same configuration as a node of a quorum. */
  public BrokerConfig withQuorum(Quorum nodes) {
    return new BrokerConfig(dataDir, host, advertisedHost, port, Optional.of(nodes), security);
  }

  /** The same configuration with TLS, users and access lists. */
  public BrokerConfig withSecurity(BrokerSecurity rules) {
    return new BrokerConfig(dataDir, host, advertisedHost, port, quorum, Optional.of(rules));
  }
}
