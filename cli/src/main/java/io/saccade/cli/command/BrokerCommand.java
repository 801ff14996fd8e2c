package io.saccade.cli.command;

import io.saccade.broker.BrokerConfig;
import io.saccade.broker.BrokerSecurity;
import io.saccade.broker.EmbeddedBroker;
import io.saccade.broker.Quorum;
import io.saccade.bus.ConfigException;
import io.saccade.bus.Problems;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.telemetry.Telemetry;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code saccade broker}: the embedded broker, alone or as one node of several. */
@Command(
    name = "broker",
    description = {
      "Runs a Kafka broker on this machine until it is stopped (Ctrl-C, SIGTERM).",
      "Alone it keeps one copy of everything, for trials and for single machines. With --quorum it"
          + " is one of several nodes; everything has a copy on three of them, which withstand the"
          + " loss of one."
    })
public final class BrokerCommand implements Service {

  @Spec private CommandSpec spec;

  @Mixin private BrokerOptions broker;
  @Mixin private QuorumOptions quorum;
  @Mixin private SecurityOptions security;

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    BrokerConfig config = broker.config(quorum.quorum(), security.security());
    try (Lifecycle lifecycle = new Lifecycle(Telemetry.none())) {
      EmbeddedBroker started = lifecycle.add(EmbeddedBroker.start(config));
      spec.commandLine().getOut().println("broker at " + started.bootstrapServers());
      lifecycle.await();
    }
    return ExitCode.OK;
  }

  /** The options for the broker's folder and addresses. */
  static final class BrokerOptions {

    @Option(
        names = "--data",
        paramLabel = "DIR",
        defaultValue = "data",
        description =
            "The folder of the broker's log; continued if it exists. Default: ${DEFAULT-VALUE}")
    private Path data;

    @Option(
        names = "--port",
        paramLabel = "PORT",
        defaultValue = "" + BrokerConfig.DEFAULT_PORT,
        description = "The port to listen on, 0 for a free one. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
        names = "--host",
        paramLabel = "ADDRESS",
        defaultValue = BrokerConfig.LOOPBACK,
        description = "The address to listen on. Default: ${DEFAULT-VALUE}, this machine only")
    private String host;

    @Option(
        names = "--advertised-host",
        paramLabel = "HOST",
        description = "The host that clients connect to. Default: that of --host")
    private String advertisedHost;

    /** The broker's settings. */
    BrokerConfig config(Optional<Quorum> quorum, Optional<BrokerSecurity> security) {
      String advertised = advertisedHost == null ? host : advertisedHost;
      return new BrokerConfig(data, host, advertised, port, quorum, security);
    }
  }

  /** The options of a broker that is one of several nodes. */
  static final class QuorumOptions {

    @Option(
        names = "--quorum",
        paramLabel = "HOST:PORT",
        split = ",",
        description =
            "The addresses of the controllers of nodes 1, 2, ..., separated by commas; the same on"
                + " every node, and never to be changed. Default: the broker is alone.")
    private List<String> quorum;

    @Option(
        names = "--node-id",
        paramLabel = "N",
        description = "This node's position in --quorum, from 1. Default: 1")
    private Integer nodeId;

    @Option(
        names = "--cluster-id",
        paramLabel = "ID",
        description =
            "The cluster's id, 22 characters, the same on every node. Default: computed from"
                + " --quorum")
    private String clusterId;

    /**
     * The quorum; empty if the broker is alone.
     *
     * @throws ConfigException for options that have no effect on a broker that is alone
     */
    Optional<Quorum> quorum() {
      if (quorum == null) {
        String rule = "a broker that is alone has none; add --quorum";
        new Problems()
            .unless(nodeId == null, "node-id", nodeId, rule)
            .unless(clusterId == null, "cluster-id", clusterId, rule)
            .throwIfAny("broker");
        return Optional.empty();
      }
      int id = nodeId == null ? 1 : nodeId;
      return Optional.of(
          clusterId == null ? Quorum.of(id, quorum) : new Quorum(id, quorum, clusterId));
    }
  }

  /** The options for TLS, logins and ACLs. */
  static final class SecurityOptions {

    @Option(
        names = "--key-store",
        paramLabel = "FILE",
        description =
            "The broker's key and certificate (PKCS12 or JKS). With it, clients connect over TLS, log"
                + " in with SASL/SCRAM-SHA-512 and may do what ACLs allow. Default: no security")
    private Path keyStore;

    @Option(
        names = "--key-store-password",
        paramLabel = "PASSWORD",
        description =
            "The password of --key-store. Set it in the file that --config names, or in the"
                + " environment, rather than on the command line, which other users of this machine"
                + " can see.")
    private String keyStorePassword;

    @Option(
        names = "--admin-user",
        paramLabel = "NAME",
        description = "With --key-store: the user who may do everything. Default: admin")
    private String admin;

    @Option(
        names = "--admin-password",
        paramLabel = "PASSWORD",
        description = "The password of --admin-user; it is set at each start.")
    private String adminPassword;

    /**
     * The broker's security; empty for none.
     *
     * @throws ConfigException for options that secure nothing because the key store is missing
     */
    Optional<BrokerSecurity> security() {
      if (keyStore == null) {
        String rule = "secures nothing without --key-store; add it";
        new Problems()
            .unless(keyStorePassword == null, "key-store-password", "(given)", rule)
            .unless(admin == null, "admin-user", admin, rule)
            .unless(adminPassword == null, "admin-password", "(given)", rule)
            .throwIfAny("broker");
        return Optional.empty();
      }
      return Optional.of(
          new BrokerSecurity(
              keyStore,
              Objects.requireNonNullElse(keyStorePassword, ""),
              Objects.requireNonNullElse(admin, "admin"),
              Objects.requireNonNullElse(adminPassword, "")));
    }
  }
}
