package io.saccade.cli.option;

import io.saccade.cli.local.Shipped;
import io.saccade.model.VideoModel;
import io.saccade.sampler.record.Policies;
import io.saccade.video.SamplingPolicy;
import io.saccade.worker.Engine;
import io.saccade.worker.ModelEngine;
import io.saccade.worker.SimulatedEngine;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which checkpoint answers, and what it is shown of a video. */
public final class EngineOptions {

  @Mixin private CheckpointOptions checkpoint;

  @Option(
      names = "--sampling-policy",
      paramLabel = "POLICY",
      defaultValue = "uniform",
      description =
          "Which frames of a video the model is shown: uniform, fps:R or fps-first:R with R frames a"
              + " second, of which a short video has fewer than the model takes. Default:"
              + " ${DEFAULT-VALUE}")
  private SamplingPolicy policy;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "checkpoint",
      description =
          "checkpoint, or simulated: no model, for tests of everything around it. It answers with a"
              + " hash of the question and the clip, and a question that holds "
              + SimulatedEngine.HALT
              + " crashes it. Default: ${DEFAULT-VALUE}")
  private Kind kind;

  @Option(
      names = "--latency",
      paramLabel = "TIME",
      defaultValue = "100ms",
      description =
          "Of --engine simulated: time of each look at a clip, each prompt and each token after its"
              + " first. Default: ${DEFAULT-VALUE}")
  private Duration latency;

  /** What computes. */
  private enum Kind {
    CHECKPOINT,
    SIMULATED
  }

  /** Whether the shipped demo model answers. */
  public boolean isDemo() {
    return kind == Kind.CHECKPOINT && checkpoint.isDemo();
  }

  /** Loads the checkpoint as an engine, called as its folder is. */
  public Engine engine() {
    return engine(null);
  }

  /**
   * Loads the checkpoint as an engine of this name, or as its folder is called if null.
   *
   * @throws io.saccade.model.config.CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the device is not there
   */
  public Engine engine(String name) {
    return kind == Kind.SIMULATED
        ? new SimulatedEngine(name == null ? SimulatedEngine.NAME : name, latency)
        : slowFast(name);
  }

  private Engine slowFast(String name) {
    VideoModel loaded = checkpoint.load();
    return new ModelEngine(
        loaded,
        name == null ? loaded.info().name() : name,
        isDemo() ? Shipped.DEMO_ABILITIES : "",
        Policies.name(policy),
        Policies.rate(policy));
  }
}
