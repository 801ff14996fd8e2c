package io.saccade.cli.command.model;

import io.saccade.model.weights.CheckpointProgress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows on standard error how far the writing of a checkpoint is, once it has begun. */
final class WritingProgress implements CheckpointProgress, AutoCloseable {

  private static final long MEGABYTE = 1_000_000;

  private ProgressBar bar;

  @Override
  public void written(String tensor, long bytes, long totalBytes) {
    if (bar == null) {
      bar = bar(totalBytes);
    }
    bar.stepTo(bytes);
  }

  private static ProgressBar bar(long bytes) {
    return new ProgressBarBuilder()
        .setTaskName("writing")
        .setInitialMax(bytes)
        .setUnit("MB", MEGABYTE)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, 78))
        .build();
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
