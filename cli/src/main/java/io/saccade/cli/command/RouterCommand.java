package io.saccade.cli.command;

import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.option.RequestOptions;
import io.saccade.cli.option.RoleBusOptions;
import io.saccade.cli.option.TelemetryOptions;
import io.saccade.ingest.Access;
import io.saccade.router.RouterConfig;
import io.saccade.router.RouterLimits;
import io.saccade.router.streams.QuestionRouter;
import io.saccade.telemetry.MetricScope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade router}: runs a question router. */
@Command(
    name = "router",
    description =
        "Runs a question router, which opens questions, requests their clips and inferences, and"
            + " publishes their answers.")
public final class RouterCommand implements Service {

  @Mixin private RoleBusOptions bus;
  @Mixin private TelemetryOptions telemetry;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description =
          "The router keeps its state stores in DIR/router; each router needs a folder of its own."
              + " Lost stores are rebuilt from the log. Default: ${DEFAULT-VALUE}")
  private Path data;

  @Option(
      names = "--commit-interval",
      paramLabel = "TIME",
      defaultValue = "10ms",
      description =
          "The time between commits, which make answers visible; each commit is a transaction on"
              + " the broker. Default: ${DEFAULT-VALUE}")
  private Duration commitInterval;

  @Option(
      names = "--router-threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Kafka Streams threads, which share the partitions. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--standby-replicas",
      paramLabel = "N",
      defaultValue = "0",
      description = "How many other routers keep a copy of each store. Default: ${DEFAULT-VALUE}")
  private int standbys;

  @Mixin private RequestOptions requests;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long a stop may take. Default: ${DEFAULT-VALUE}")
  private Duration grace;

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    RouterConfig config =
        new RouterConfig(
            bus.config(),
            data.resolve("router"),
            RouterLimits.DEFAULT,
            requests.limits(),
            commitInterval,
            threads,
            standbys,
            grace);
    try (Lifecycle lifecycle = telemetry.open(MetricScope.ROUTER)) {
      bus.requireAccess(Access.ROUTER);
      lifecycle.start(MetricScope.ROUTER, new QuestionRouter(config, lifecycle.telemetry()));
      lifecycle.await();
    }
    return ExitCode.OK;
  }
}
