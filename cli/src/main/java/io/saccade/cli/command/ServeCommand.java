package io.saccade.cli.command;

import io.saccade.broker.BrokerConfig;
import io.saccade.bus.BusConfig;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.local.LocalService;
import io.saccade.cli.option.BatchOptions;
import io.saccade.cli.option.EngineOptions;
import io.saccade.cli.option.FeedOptions;
import io.saccade.cli.option.FrameOptions;
import io.saccade.cli.option.HostOptions;
import io.saccade.cli.option.LimitOptions;
import io.saccade.cli.option.RootOptions;
import io.saccade.cli.option.TelemetryOptions;
import io.saccade.sampler.SamplerConfig;
import io.saccade.telemetry.MetricScope;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code saccade serve}: runs a broker and all roles in one process. */
@Command(
    name = "serve",
    description = {
      "Runs an embedded broker and every role until it is stopped (Ctrl-C, SIGTERM).",
      "Clients and further roles connect to the broker's address. A new start with the same --data"
          + " continues where the last one stopped."
    })
public final class ServeCommand implements Service {

  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;
  @Mixin private BatchOptions batch;
  @Mixin private RootOptions roots;
  @Mixin private HostOptions hosts;
  @Mixin private FrameOptions frames;
  @Mixin private LimitOptions limits;
  @Mixin private FeedOptions feeds;
  @Mixin private TelemetryOptions telemetry;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description = "The folder of the log and the router's state. Default: ${DEFAULT-VALUE}")
  private Path data;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "" + BrokerConfig.DEFAULT_PORT,
      description =
          "The broker's port on this machine, 0 for a free one. Default: ${DEFAULT-VALUE}")
  private int port;

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    try (Lifecycle lifecycle =
        telemetry.open(MetricScope.ROUTER, MetricScope.SAMPLER, MetricScope.WORKER)) {
      BusConfig bus =
          LocalService.start(
              lifecycle,
              data,
              port,
              b ->
                  SamplerConfig.defaults(b, hosts.config(roots.roots()))
                      .withEncoding(frames.encoding())
                      .withLimits(limits.limits())
                      .withFeeds(feeds.name(), feeds.config()),
              engine::engine,
              batch::of);
      spec.commandLine().getOut().println("serving at " + bus.bootstrapServers());
      lifecycle.await();
    }
    return ExitCode.OK;
  }
}
