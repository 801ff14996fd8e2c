package io.saccade.cli.command.model;

import io.saccade.model.weights.CheckpointProgress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error, which appears when the first tensor has been written. */
final class WritingProgress implements CheckpointProgress, AutoCloseable {

  private static final long MEGABYTE = 1_000_000;

  private @Nullable ProgressBar bar;

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
