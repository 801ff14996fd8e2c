package io.saccade.broker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.utils.Time;

/**
 * An Apache Kafka broker with its KRaft controller in this process, on a persistent folder. A later
 * start on the same folder continues the same cluster, also after a kill.
 *
 * <p>Ports, folder and key store are checked before Kafka starts, because Kafka exits the process
 * when its startup fails.
 *
 * <p>A single broker keeps one copy of each record. It is meant for trials, tests and single
 * machines; a service that must survive the loss of a disk needs a Kafka cluster, or several of
 * these as a {@link Quorum}.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final int SCRAM_ITERATIONS = 8192;
  private static final long ADMIN_TIMEOUT_SECONDS = 30;

  private final DataDir data;
  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private EmbeddedBroker(DataDir data, KafkaRaftServer server, String bootstrapServers) {
    this.data = data;
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker and returns when clients can connect; a node of a quorum waits for a majority
   * of the nodes.
   *
   * @throws BrokerException if a port is in use, or the folder cannot be used, for example because
   *     it belongs to another node
   * @throws io.saccade.bus.ConfigException if the key store cannot be opened
   */
  public static EmbeddedBroker start(BrokerConfig config) {
    config.security().ifPresent(BrokerSecurity::requireKey);
    DataDir data = DataDir.lock(config.dataDir());
    try {
      int port = Ports.claim(config.host(), config.port());
      config.quorum().map(Quorum::own).ifPresent(Ports::claimController);
      data.format(
          config.quorum().map(Quorum::nodeId).orElse(BrokerSettings.SINGLE_NODE_ID),
          config.quorum().map(Quorum::clusterId),
          BrokerSettings.CONTROLLER);
      KafkaRaftServer server =
          config.security().isPresent()
              ? startSecured(config, data, port)
              : run(BrokerSettings.open(config, data, port));
      return new EmbeddedBroker(data, server, config.advertisedHost() + ":" + port);
    } catch (RuntimeException e) {
      data.close();
      throw e;
    }
  }

  private static KafkaRaftServer run(Map<String, String> settings) {
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    server.startup();
    return server;
  }

  private static KafkaRaftServer startSecured(BrokerConfig config, DataDir data, int port) {
    Login self = Login.random();
    String internal = BrokerConfig.LOOPBACK + ":" + Ports.claim(BrokerConfig.LOOPBACK, 0);
    KafkaRaftServer server = run(BrokerSettings.secured(config, data, port, internal, self));
    try {
      setPassword(config.security().orElseThrow(), internal, self);
      return server;
    } catch (RuntimeException e) {
      stop(server);
      throw e;
    }
  }

  /** Sets the super user's password to the configured one. */
  private static void setPassword(BrokerSecurity security, String internal, Login self) {
    UserScramCredentialAlteration password =
        new UserScramCredentialUpsertion(
            security.admin(),
            new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS),
            security.adminPassword());
    try (Admin admin = Admin.create(self.plainClient(internal))) {
      admin
          .alterUserScramCredentials(List.of(password))
          .all()
          .get(ADMIN_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BrokerException("the password of admin-user could not be set: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted while the broker started", e);
    }
  }

  /** The address that clients connect to, {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops the broker, flushes its log and unlocks the folder. Idempotent. */
  @Override
  public void close() {
    stop(server);
    data.close();
  }

  private static void stop(KafkaRaftServer server) {
    server.shutdown();
    server.awaitShutdown();
  }
}
