package io.saccade.cli.command.model;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code saccade model}: commands that work with checkpoints, without Kafka. */
@Command(
    name = "model",
    description = "Inspects, quantises, synthesises and verifies checkpoints.",
    subcommands = {
      ModelInspectCommand.class,
      ModelQuantizeCommand.class,
      ModelSynthesizeCommand.class,
      ModelVerifyCommand.class
    })
public final class ModelCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "the subcommand is missing: inspect, quantize, synthesize or verify");
  }
}
