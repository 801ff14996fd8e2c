package io.saccade.cli.option;

import io.saccade.cli.local.DemoFiles;
import io.saccade.model.VideoModel;
import io.saccade.sampler.record.Policies;
import io.saccade.video.SamplingPolicy;
import io.saccade.worker.Engine;
import io.saccade.worker.ModelEngine;
import io.saccade.worker.SimulatedEngine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that choose what answers questions, and which frames of a video it gets. */
public final class EngineOptions {

  @Mixin private CheckpointOptions checkpoint;

  @Option(
      names = "--sampling-policy",
      paramLabel = "POLICY",
      defaultValue = "uniform",
      description =
          "Which frames of a video the model gets: uniform, or R frames a second by fps:R or"
              + " fps-first:R, which give fewer than the model's number for a short video. Default:"
              + " ${DEFAULT-VALUE}")
  private SamplingPolicy policy;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "checkpoint",
      description =
          "checkpoint, or simulated: no model, for tests of everything else. It answers with a hash"
              + " of the question and the clip, and a question that contains "
              + SimulatedEngine.HALT
              + " crashes it. Default: ${DEFAULT-VALUE}")
  private Kind kind;

  @Option(
      names = "--latency",
      paramLabel = "TIME",
      defaultValue = "100ms",
      description =
          "Of --engine simulated: how long it takes for each clip, each prompt and each token after"
              + " the first. Default: ${DEFAULT-VALUE}")
  private Duration latency;

  /** The engines. */
  private enum Kind {
    CHECKPOINT,
    SIMULATED
  }

  /** Whether the shipped demo model answers. */
  public boolean isDemo() {
    return kind == Kind.CHECKPOINT && checkpoint.isDemo();
  }

  /**
   * Loads the engine, named after the checkpoint's folder.
   *
   * @throws io.saccade.model.config.CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the machine does not have the device
   */
  public Engine engine() {
    return engine(null);
  }

  /**
   * Loads the engine.
   *
   * @param name by which questions choose it, or null for the name of the checkpoint's folder
   * @return the engine, which the caller closes
   * @throws io.saccade.model.config.CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the machine does not have the device
   */
  public Engine engine(@Nullable String name) {
    return kind == Kind.SIMULATED
        ? new SimulatedEngine(name == null ? SimulatedEngine.NAME : name, latency)
        : slowFast(name);
  }

  private Engine slowFast(String name) {
    VideoModel loaded = checkpoint.load();
    return new ModelEngine(
        loaded,
        name == null ? loaded.info().name() : name,
        isDemo() ? DemoFiles.DEMO_ABILITIES : "",
        Policies.name(policy),
        Policies.rate(policy));
  }
}
