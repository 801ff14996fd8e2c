package io.saccade.cli.command.model;

import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.RecordJson;
import io.saccade.cli.option.TerminalText;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.synthesis.SynthesisOptions;
import io.saccade.model.synthesis.Synthesiser;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade model synthesize}: writes a checkpoint of random weights. */
@Command(
    name = "synthesize",
    description = {
      "Writes a complete checkpoint of random weights, which can be served.",
      "It is for tests at full size and for benchmarks; its answers are meaningless."
    })
final class ModelSynthesizeCommand implements Callable<Integer> {

  @Option(
      names = "--like",
      paramLabel = "SHAPE",
      required = true,
      description =
          "frame64-s1t4, frame96-s1t6, frame128-s2t4 (as released), medium (for benchmarks), long"
              + " (1,536 frames, SigLIP), or the path of a config.json.")
  private String like;

  @Option(
      names = "--dtype",
      paramLabel = "f32|bf16|int8|int4",
      defaultValue = "bf16",
      description =
          "How the weights are stored; with int8 and int4, weights outside of the decoder are bf16."
              + " Default: ${DEFAULT-VALUE}")
  private String type;

  @Option(
      names = "--group",
      paramLabel = "N",
      defaultValue = "" + QuantisationOptions.DEFAULT_GROUP,
      description = "Columns of a group in int4: 32, 64 or 128. Default: ${DEFAULT-VALUE}")
  private int group;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "The same seed gives the same bytes. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The folder to create; it must be absent or empty.")
  private Path output;

  @Mixin private Output out;

  /** The result; its components are the members of the JSON object. */
  private record Synthesis(String output, long bytes) {}

  @Override
  public Integer call() {
    Synthesiser synthesiser = new Synthesiser(new SynthesisOptions(like, type, group, seed));
    long bytes;
    try (WritingProgress progress = new WritingProgress()) {
      bytes = synthesiser.write(output, progress);
    }
    if (out.json()) {
      out.print(RecordJson.line(new Synthesis(output.toString(), bytes)));
    } else {
      out.print(
          "%s: %s MB of random weights"
              .formatted(
                  TerminalText.oneLine(output.toString()),
                  String.format(Locale.ROOT, "%.1f", bytes / 1e6)));
    }
    return ExitCode.OK;
  }
}
