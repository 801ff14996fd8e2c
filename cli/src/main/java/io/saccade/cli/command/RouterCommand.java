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

/** {@code saccade router}: the question router alone. */
@Command(
    name = "router",
    description = "Runs a question router, the arbiter that opens and closes questions.")
public final class RouterCommand implements Service {

  @Mixin private RoleBusOptions bus;
  @Mixin private TelemetryOptions telemetry;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data",
      description =
          "Local stores lie in DIR/router; one router a folder. Rebuilt from the log when lost."
              + " Default: ${DEFAULT-VALUE}")
  private Path data;

  @Option(
      names = "--commit-interval",
      paramLabel = "TIME",
      defaultValue = "10ms",
      description =
          "How often answers become visible; each commit costs the broker a transaction. Default:"
              + " ${DEFAULT-VALUE}")
  private Duration commitInterval;

  @Option(
      names = "--router-threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Stream threads; partitions are spread over them. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--standby-replicas",
      paramLabel = "N",
      defaultValue = "0",
      description = "Other routers that keep a warm copy of each store. Default: ${DEFAULT-VALUE}")
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
    try (Lifecycle running = telemetry.open(MetricScope.ROUTER)) {
      bus.requireAccess(Access.ROUTER);
      running.start(MetricScope.ROUTER, new QuestionRouter(config, running.telemetry()));
      running.await();
    }
    return ExitCode.OK;
  }
}
