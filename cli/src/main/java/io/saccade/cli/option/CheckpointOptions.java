package io.saccade.cli.option;

import io.saccade.cli.local.DemoFiles;
import io.saccade.model.VideoModel;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.graph.Precision;
import io.saccade.model.graph.WideCopies;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options that choose a checkpoint and how it is computed. */
public final class CheckpointOptions {

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
          "Threads of a tensor operation on the CPU; more threads than idle cores make it slower."
              + " Default: 1 for the demo model, else one per core; of more than two cores one is"
              + " left for other work.")
  private Integer threads;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description =
          "The type to compute in: f32, bf16, f16, or auto, the checkpoint's own type where the"
              + " hardware supports it. Default: auto")
  private Precision precision;

  @Option(
      names = "--wide-copies",
      paramLabel = "auto|always|never",
      defaultValue = "auto",
      description =
          "Also keep int8 and int4 weights in bf16: prompts and batches of more than a few questions"
              + " are about twice as fast, and both copies take memory. auto: if the copies take at"
              + " most an eighth of the machine's memory and it multiplies bf16. Default:"
              + " ${DEFAULT-VALUE}")
  private WideCopies wideCopies;

  /** Whether the checkpoint is the shipped demo model. */
  boolean isDemo() {
    return DemoFiles.isDemo(folder());
  }

  /**
   * Loads the checkpoint, to compute in its own type unless an option chooses another.
   *
   * @return the model, which the caller closes
   * @throws io.saccade.model.config.CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the machine does not have the device
   */
  public VideoModel load() {
    return load(Precision.AUTO);
  }

  /** Loads the checkpoint, to compute in {@code otherwise} unless an option chooses a type. */
  public VideoModel load(Precision otherwise) {
    int count = threads != null ? threads : defaultThreads();
    return VideoModel.load(
        folder(),
        new ModelOptions(
            device,
            count,
            OptionalInt.empty(),
            precision == null ? otherwise : precision,
            wideCopies));
  }

  /**
   * One thread per core but one: the threads of an operation wait for the slowest of them, and a
   * thread that shares its core with the worker's other threads would be slow.
   */
  private int defaultThreads() {
    int cores = Runtime.getRuntime().availableProcessors();
    return isDemo() ? 1 : cores > 2 ? cores - 1 : cores;
  }

  private Path folder() {
    return model == null ? DemoFiles.demoModel() : model.toAbsolutePath().normalize();
  }
}
