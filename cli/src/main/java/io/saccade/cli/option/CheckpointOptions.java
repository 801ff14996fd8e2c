package io.saccade.cli.option;

import io.saccade.cli.local.Shipped;
import io.saccade.model.VideoModel;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.graph.Precision;
import io.saccade.model.graph.WideCopies;
import java.nio.file.Path;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** Which checkpoint computes, and on what. */
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
          "Threads of a tensor operation on the CPU; more than idle cores make it slower. Default:"
              + " 1 for the demo model, else one per core, but for one of more than two, which is left"
              + " to everything else.")
  private Integer threads;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      description =
          "What to compute in: f32, bf16, f16, or auto, which is the checkpoint's own type where the"
              + " hardware has it. Default: auto.")
  private Precision precision;

  @Option(
      names = "--wide-copies",
      paramLabel = "auto|always|never",
      defaultValue = "auto",
      description =
          "Keep int8 and int4 weights in bf16, too: prompts and batches of more than a few questions"
              + " are about twice as fast, for the memory of both. auto: where they take at most an"
              + " eighth of the machine's memory and it multiplies bf16. Default: ${DEFAULT-VALUE}")
  private WideCopies wideCopies;

  /** Whether the shipped demo model is meant. */
  boolean isDemo() {
    return Shipped.isDemo(folder());
  }

  /**
   * Loads the checkpoint.
   *
   * @throws io.saccade.model.config.CheckpointException if the folder cannot be used
   * @throws IllegalArgumentException if the device is not there
   */
  public VideoModel load() {
    return load(Precision.AUTO);
  }

  /** The same, computing in {@code otherwise} where no type was asked for. */
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
   * Threads of one operation wait for the slowest of them: one that shares its core with the
   * worker's other threads would hold back all.
   */
  private int defaultThreads() {
    int cores = Runtime.getRuntime().availableProcessors();
    return isDemo() ? 1 : cores > 2 ? cores - 1 : cores;
  }

  private Path folder() {
    return model == null ? Shipped.demoModel() : model.toAbsolutePath().normalize();
  }
}
