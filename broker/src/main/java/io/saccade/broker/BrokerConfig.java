package io.saccade.broker;

import io.saccade.bus.Problems;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the embedded broker keeps its log and who can reach it.
 *
 * @param dataDir the folder of its log and cluster id; made if missing, continued if not
 * @param host the address to listen on
 * @param advertisedHost the host that clients are told to connect to; must lead to this machine
 * @param port the TCP port, 0 to take a free one
 * @param quorum the nodes that it is one of; absent = it is alone
 * @param security who may connect; absent = everybody who reaches the port. Not with a quorum
 */
public record BrokerConfig(
    Path dataDir,
    String host,
    String advertisedHost,
    int port,
    Optional<Quorum> quorum,
    Optional<BrokerSecurity> security) {

  /** The port that Kafka clients expect. */
  public static final int DEFAULT_PORT = 9092;

  /** The address that only this machine's clients reach. */
  public static final String LOOPBACK = "127.0.0.1";

  /** Checks all fields. */
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
            "the nodes of a quorum talk to each other in the clear, so they cannot be secured; use a"
                + " single broker, or a cluster of Apache Kafka")
        .throwIfAny("broker");
  }

  /** A broker that only this machine's clients reach. */
  public static BrokerConfig local(Path dataDir, int port) {
    return new BrokerConfig(dataDir, LOOPBACK, LOOPBACK, port, Optional.empty(), Optional.empty());
  }

  /** The same as one of several nodes. */
  public BrokerConfig withQuorum(Quorum nodes) {
    return new BrokerConfig(dataDir, host, advertisedHost, port, Optional.of(nodes), security);
  }

  /** The same with TLS, users and access lists. */
  public BrokerConfig withSecurity(BrokerSecurity rules) {
    return new BrokerConfig(dataDir, host, advertisedHost, port, quorum, Optional.of(rules));
  }
}
