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

/** {@code saccade worker}: runs an inference worker. */
@Command(
    name = "worker",
    description = {
      "Runs an inference worker, which answers questions with a model.",
      "More workers answer more questions at a time, up to one worker per partition."
    })
public final class WorkerCommand implements Service {

  @Mixin private RoleBusOptions bus;
  @Mixin private EngineOptions engine;
  @Mixin private BatchOptions batch;
  @Mixin private TelemetryOptions telemetry;

  @Option(
      names = "--model-name",
      paramLabel = "NAME",
      description = "The model's name in questions. Default: the checkpoint folder's name")
  private String modelName;

  @Option(
      names = "--worker-name",
      paramLabel = "NAME",
      description = "The worker's name in logs and results. Default: worker- and its process id")
  private String workerName;

  @Option(
      names = "--max-under-way",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "The most requests that are taken and not yet answered; at most half of them are of"
              + " standing questions. Those beyond --max-batch wait for their clip, for memory or for"
              + " a place in the batch. Default: ${DEFAULT-VALUE}")
  private int maxUnderWay;

  @Option(
      names = "--max-ahead",
      paramLabel = "N",
      defaultValue = "" + WorkLoop.Options.DEFAULT_MAX_AHEAD,
      description =
          "How far a request that is taken may be ahead, in offsets, of the first unanswered one of"
              + " its partition; this bounds the work that is repeated after a crash. Default:"
              + " ${DEFAULT-VALUE}")
  private int maxAhead;

  @Option(
      names = "--max-crashes",
      paramLabel = "N",
      defaultValue = "" + WorkLoop.Options.DEFAULT_MAX_CRASHES,
      description =
          "How many crashes of a worker a question may cause before it is answered FAILED. After a"
              + " crash, each question that was in progress is tried alone, and only crashes then"
              + " count. Default: ${DEFAULT-VALUE}")
  private int maxCrashes;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "30s",
      description =
          "How long answers in progress may take when the worker stops. Default: ${DEFAULT-VALUE}")
  private Duration grace;

  @Override
  public Integer call() throws ExecutionException, InterruptedException {
    BusConfig config = bus.config();
    String name = workerName == null ? "worker-" + ProcessHandle.current().pid() : workerName;
    WorkerConfig worker =
        batch
            .of(WorkerConfig.defaults(config, name))
            .withBounds(maxUnderWay, maxAhead, maxCrashes, grace);
    try (Lifecycle lifecycle = telemetry.open(MetricScope.WORKER)) {
      bus.requireAccess(Access.WORKER);
      lifecycle.start(
          MetricScope.WORKER,
          new InferenceWorker(worker, engine.engine(modelName), lifecycle.telemetry()));
      lifecycle.await();
    }
    return ExitCode.OK;
  }
}
