package io.saccade.cli.option;

import io.saccade.worker.WorkerConfig;
import picocli.CommandLine.Option;

/** The options for how many questions a worker answers at a time, and in how much memory. */
public final class BatchOptions {

  @Option(
      names = "--max-batch",
      paramLabel = "N",
      defaultValue = "8",
      description = "Answers computed at a time, token by token. Default: ${DEFAULT-VALUE}")
  private int maxBatch;

  @Option(
      names = "--cache-bytes",
      paramLabel = "SIZE",
      defaultValue = "1GiB",
      description =
          "Memory, besides the model itself, for the features of recent clips and for the answers"
              + " in progress. A question that does not fit waits; a single one may take more."
              + " Default: ${DEFAULT-VALUE}")
  private ByteSize cache;

  @Option(
      names = "--read-bytes",
      paramLabel = "SIZE",
      defaultValue = "256MiB",
      description =
          "Java memory for the pixels of clips that are read from the log and encoded; a single"
              + " clip may take more. Default: ${DEFAULT-VALUE}")
  private ByteSize read;

  /** A worker's settings with the options' values. */
  public WorkerConfig of(WorkerConfig worker) {
    return worker.withBatch(maxBatch, cache.bytes(), read.bytes());
  }
}
