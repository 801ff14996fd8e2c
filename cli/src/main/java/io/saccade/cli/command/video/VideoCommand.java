package io.saccade.cli.command.video;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code saccade video}: commands that read video files, without Kafka and without a model. */
@Command(
    name = "video",
    description = "Samples frames of video files, and describes the files.",
    subcommands = {VideoSampleCommand.class, VideoInspectCommand.class})
public final class VideoCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "the subcommand is missing: sample or inspect");
  }
}
