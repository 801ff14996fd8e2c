package io.saccade.cli;

import io.saccade.broker.BrokerConfig;
import io.saccade.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code saccade broker}: the embedded broker alone. */
@Command(
    name = "broker",
    description = {
      "Runs a Kafka broker on this machine until it is stopped (Ctrl-C, SIGTERM).",
      "It holds one copy of everything: for trying things out and for single machines."
    })
final class BrokerCommand implements Service {

  @Spec private CommandSpec spec;

  @Mixin private BrokerOptions broker;

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    try (Running running = new Running()) {
      EmbeddedBroker started = running.add(EmbeddedBroker.start(broker.config()));
      spec.commandLine().getOut().println("broker at " + started.bootstrapServers());
      running.await();
    }
    return Main.OK;
  }

  /** Where the embedded broker keeps its log and who can reach it. */
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
        description = "The host that clients are told to connect to. Default: --host's.")
    private String advertisedHost;

    /** What was asked for. */
    BrokerConfig config() {
      return new BrokerConfig(data, host, advertisedHost == null ? host : advertisedHost, port);
    }
  }
}
