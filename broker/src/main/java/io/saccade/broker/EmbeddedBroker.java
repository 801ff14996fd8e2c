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
 * A Kafka broker and its KRaft controller in this process: the real one, on a folder that outlives
 * it. A second start on the same folder goes on with the same cluster, also after a kill.
 *
 * <p>One broker holds one copy of everything. It is made for trying things out, for tests and for
 * single machines; a service that must outlive a disk has a cluster elsewhere, or several of these
 * as a {@link Quorum}.
 */
public final class EmbeddedBroker implements AutoCloseable {

  private static final int SCRAM_ITERATIONS = 8192;
  private static final long PATIENCE_SECONDS = 30;

  private final DataDir data;
  private final KafkaRaftServer server;
  private final String bootstrapServers;

  private EmbeddedBroker(DataDir data, KafkaRaftServer server, String bootstrapServers) {
    this.data = data;
    this.server = server;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker and returns when clients can connect; as one of several, when a majority of
   * them is up.
   *
   * @throws BrokerException if a port is taken or the folder cannot be used, for example because it
   *     is another node's
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

  /** The admin's password is what the configuration says, whatever it was before. */
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
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new BrokerException("the password of admin-user could not be set: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BrokerException("interrupted while the broker started", e);
    }
  }

  /** What clients connect to, {@code host:port}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops the broker, its log flushed, and frees the folder. Idempotent. */
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
