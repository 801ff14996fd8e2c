package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.bus.WorkLoop;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.option.BatchOptions;
import io.saccade.cli.option.EngineOptions;
import io.saccade.cli.option.RoleBusOptions;
import io.saccade.cli.option.TelemetryOptions;
import io.saccade.ingest.Access;
import io.saccade.telemetry.MetricScope;
import io.saccade.worker.InferenceWorker;
import io.saccade.worker.WorkerConfig;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade worker}: an inference worker alone. */
@Command(
    name = "worker",
    description = {
      "Runs an inference worker, which answers questions with a model.",
      "Start more of them for more questions at a time, up to the number of partitions."
    })
public final class WorkerCommand implements Service {

  @Mixin private RoleBusOptions bus;
  @Mixin private EngineOptions engine;
  @Mixin private BatchOptions batch;
  @Mixin private TelemetryOptions telemetry;

  @Option(
      names = "--model-name",
      paramLabel = "NAME",
      description = "What questions call the model. Default: the checkpoint folder's name.")
  private String modelName;

  @Option(
      names = "--worker-name",
      paramLabel = "NAME",
      description = "The worker's name in logs and results. Default: its process id.")
  private String workerName;

  @Option(
      names = "--max-under-way",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Requests begun but unanswered at a time, those of standing questions at most half of them;"
              + " those beyond --max-batch wait for their clip, for memory or for a place. Default:"
              + " ${DEFAULT-VALUE}")
  private int maxUnderWay;

  @Option(
      names = "--max-ahead",
      paramLabel = "N",
      defaultValue = "" + WorkLoop.Options.DEFAULT_MAX_AHEAD,
      description =
          "How far a request may be begun ahead of the first unanswered one of its partition, which"
              + " bounds what is done again after a crash. Default: ${DEFAULT-VALUE}")
  private int maxAhead;

  @Option(
      names = "--max-crashes",
      paramLabel = "N",
      defaultValue = "" + WorkLoop.Options.DEFAULT_MAX_CRASHES,
      description =
          "How often the worker may die while it tries a question alone before that is answered"
              + " FAILED. What was under way when a worker died is tried alone. Default:"
              + " ${DEFAULT-VALUE}")
  private int maxCrashes;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "How long answers under way may take when the worker stops. Default: ${DEFAULT-VALUE}")
  private Duration grace;

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    BusConfig config = bus.config();
    String name = workerName == null ? "worker-" + ProcessHandle.current().pid() : workerName;
    WorkerConfig worker =
        batch
            .of(WorkerConfig.defaults(config, name))
            .withBounds(maxUnderWay, maxAhead, maxCrashes, grace);
    try (Lifecycle running = telemetry.open(MetricScope.WORKER)) {
      bus.requireAccess(Access.WORKER);
      running.start(
          MetricScope.WORKER,
          new InferenceWorker(worker, engine.engine(modelName), running.telemetry()));
      running.await();
    }
    return ExitCode.OK;
  }
}
