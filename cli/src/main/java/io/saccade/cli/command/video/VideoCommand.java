package io.saccade.cli.command.video;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code saccade video}: looks at video files, without Kafka and without a model. */
@Command(
    name = "video",
    description = "Takes frames out of video files, and tells what they are.",
    subcommands = {VideoSampleCommand.class, VideoInspectCommand.class})
public final class VideoCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "video: sample or inspect?");
  }
}
