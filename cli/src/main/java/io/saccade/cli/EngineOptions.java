package io.saccade.cli;

import io.saccade.model.SlowFastModel;
import io.saccade.sampler.Policies;
import io.saccade.video.SamplingPolicy;
import io.saccade.worker.Engine;
import io.saccade.worker.SlowFastEngine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which checkpoint answers, and what it is shown of a video. */
final class EngineOptions {

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

  /** Whether the shipped demo model answers. */
  boolean isDemo() {
    return checkpoint.isDemo();
  }

  /** Loads the checkpoint as an engine, called as its folder is. */
  Engine engine() {
    return engine(null);
  }

  /**
   * Loads the checkpoint as an engine of this name, or as its folder is called if null.
   *
   * @throws io.saccade.model.CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the device is not there
   */
  Engine engine(String name) {
    SlowFastModel loaded = checkpoint.load();
    return new SlowFastEngine(
        loaded,
        name == null ? loaded.info().name() : name,
        isDemo() ? Shipped.DEMO_ABILITIES : "",
        Policies.name(policy),
        Policies.rate(policy));
  }
}
