package io.saccade.cli;

import io.saccade.model.ModelOptions;
import io.saccade.model.SlowFastModel;
import io.saccade.worker.Engine;
import io.saccade.worker.SlowFastEngine;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Which checkpoint answers, and on what. */
final class EngineOptions {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description =
          "A slow-fast checkpoint folder (Hugging Face layout, safetensors). Default: the shipped"
              + " demo model.")
  private Path model;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description = "cpu, cuda or cuda:N. Default: ${DEFAULT-VALUE}")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads of a tensor operation on the CPU; more than idle cores make it slower. Default:"
              + " 1 for the demo model, else one per core.")
  private Integer threads;

  /** The checkpoint folder. */
  Path folder() {
    return model == null ? Shipped.demoModel() : model.toAbsolutePath().normalize();
  }

  /** Whether the shipped demo model answers. */
  boolean isDemo() {
    return Shipped.isDemo(folder());
  }

  /**
   * Loads the checkpoint.
   *
   * @throws io.saccade.model.CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the device is not there
   */
  SlowFastModel load() {
    int count = threads != null ? threads : isDemo() ? 1 : 0;
    return SlowFastModel.load(folder(), new ModelOptions(device, count, OptionalInt.empty()));
  }

  /** Loads the checkpoint as an engine, called as its folder is. */
  Engine engine() {
    return engine(null);
  }

  /** Loads the checkpoint as an engine of this name, or as its folder is called if null. */
  Engine engine(String name) {
    SlowFastModel loaded = load();
    return new SlowFastEngine(
        loaded, name == null ? loaded.info().name() : name, isDemo() ? Shipped.DEMO_ABILITIES : "");
  }
}
