package io.saccade.cli.command.model;

import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.RecordJson;
import io.saccade.cli.option.TerminalText;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.quantise.AccuracyFloor;
import io.saccade.model.quantise.QuantisationMix;
import io.saccade.model.quantise.QuantisationReport;
import io.saccade.model.quantise.Quantiser;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade model quantize}: copies a checkpoint, with weights of fewer bits. */
@Command(
    name = "quantize",
    description = {
      "Writes a copy of a checkpoint whose decoder has int8 or int4 weights.",
      "Embeddings, norms, projector and vision tower are not quantised. To see what it costs in"
          + " accuracy, use: saccade model verify"
    })
final class ModelQuantizeCommand implements Callable<Integer> {

  /** How tensors are stored that are not quantised. */
  enum Others {
    keep,
    bf16
  }

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "A slow-fast checkpoint folder that is not quantised.")
  private Path model;

  @Option(
      names = "--to",
      paramLabel = "int8|int4",
      required = true,
      description = "int8: one scale a row. int4: scale and zero for each group of columns.")
  private Quantisation to;

  @Option(
      names = "--group",
      paramLabel = "N",
      defaultValue = "" + QuantisationOptions.DEFAULT_GROUP,
      description =
          "Columns of a group in int4: 32, 64 or 128. Fewer columns are more accurate and need more"
              + " bytes. Default: ${DEFAULT-VALUE}")
  private int group;

  @Option(
      names = "--keep-output-layer",
      description =
          "Do not quantise the output layer. Default: it becomes int8, also with --to int4.")
  private boolean keepOutputLayer;

  @Option(
      names = "--others",
      paramLabel = "keep|bf16",
      defaultValue = "keep",
      description = "Type of all other tensors. Default: ${DEFAULT-VALUE}")
  private Others others;

  @Option(
      names = "--min-cosine",
      paramLabel = "X",
      description =
          "The least cosine similarity of the copy's logits and the original's. It is measured, and"
              + " weights get more bits until it is reached; 0: nothing is measured. Default: 0.98"
              + " for int4, 0.999 for int8")
  private Double minCosine;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Threads of a tensor operation in the measurement; 0: one per core. Default:"
              + " ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The folder to create; it must be absent or empty.")
  private Path output;

  @Mixin private Output out;

  @Override
  public Integer call() {
    QuantisationOptions options = new QuantisationOptions(to, group, keepOutputLayer);
    AccuracyFloor floor =
        new AccuracyFloor(
            minCosine == null ? AccuracyFloor.usual(to) : minCosine,
            ModelOptions.defaults().withThreads(threads),
            this::printMeasured);
    QuantisationReport report;
    try (WritingProgress progress = new WritingProgress()) {
      report = new Quantiser(model, options, others == Others.bf16).write(output, floor, progress);
    }
    if (out.json()) {
      out.print(RecordJson.line(report));
    } else {
      print(report);
    }
    return ExitCode.OK;
  }

  private void printMeasured(QuantisationMix mix) {
    if (!out.json()) {
      out.print("measured: step %d of %d, %s".formatted(mix.step(), mix.steps(), text(mix)));
    }
  }

  private static String text(QuantisationMix mix) {
    String shares =
        "%s %% of the weights int4, %s %% int8, %s %% as they were"
            .formatted(percent(mix.int4()), percent(mix.int8()), percent(mix.plain()));
    return mix.cosine() == null
        ? shares
        : shares + "; cosine of the logits " + number("%.5f", mix.cosine());
  }

  private void print(QuantisationReport report) {
    out.print(row("weights", "stored as", "tensors", "MB", "relative error"));
    for (QuantisationReport.Kind kind : report.kinds()) {
      out.print(
          row(
              kind.name(),
              kind.storedAs(),
              Integer.toString(kind.tensors()),
              megabytes(kind.bytes()),
              kind.relativeError() == 0 ? "" : number("%.4f", kind.relativeError())));
    }
    out.print(
        "%s: %s MB, which were %s MB (%s %%)%s"
            .formatted(
                TerminalText.oneLine(output.toString()),
                megabytes(report.bytesAfter()),
                megabytes(report.bytesBefore()),
                percent((double) report.bytesAfter() / report.bytesBefore()),
                report.leftOut() == 0
                    ? ""
                    : "; %d tensors that the model does not need left out"
                        .formatted(report.leftOut())));
    out.print("of what can be quantised: " + text(report.mix()));
  }

  private static String row(String... cells) {
    return "%-20s %-10s %8s %10s %15s".formatted((Object[]) cells).stripTrailing();
  }

  private static String percent(double share) {
    return number("%.1f", 100 * share);
  }

  private static String megabytes(long bytes) {
    return number("%.1f", bytes / 1e6);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
