package io.saccade.bench;

import io.saccade.bench.model.BenchModel;
import io.saccade.bench.pipeline.BenchPipeline;
import io.saccade.bench.scale.BenchScale;
import io.saccade.bench.video.BenchVideo;
import io.saccade.bench.video.VideoPeak;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code saccade bench}: measures. */
@Command(
    name = "bench",
    description = "Measures on this machine; give it the machine to itself.",
    subcommands = {
      BenchModel.class,
      BenchPipeline.class,
      BenchScale.class,
      BenchVideo.class,
      VideoPeak.class
    })
public final class BenchCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which bench?");
  }
}
