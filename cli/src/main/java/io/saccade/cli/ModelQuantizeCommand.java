package io.saccade.cli;

import io.saccade.model.Quantisation;
import io.saccade.model.QuantisationOptions;
import io.saccade.model.QuantisationReport;
import io.saccade.model.Quantiser;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade model quantize}: a copy of a checkpoint with weights of few bits. */
@Command(
    name = "quantize",
    description = {
      "Writes a copy of a checkpoint whose decoder has int8 or int4 weights.",
      "Embeddings, norms, projector and vision tower stay as they are. Try what it costs in accuracy"
          + " with: saccade model verify."
    })
final class ModelQuantizeCommand implements Callable<Integer> {

  /** What becomes of the tensors that are not quantised. */
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
          "Columns of a group in int4: 32, 64 or 128. Fewer are more accurate and more bytes."
              + " Default: ${DEFAULT-VALUE}")
  private int group;

  @Option(
      names = "--keep-output-layer",
      description =
          "Leave the output layer as it is. Default: it becomes int8, also with --to int4.")
  private boolean keepOutputLayer;

  @Option(
      names = "--others",
      paramLabel = "keep|bf16",
      defaultValue = "keep",
      description = "Type of all other tensors. Default: ${DEFAULT-VALUE}")
  private Others others;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "The folder to make; it must be absent or empty.")
  private Path output;

  @Mixin private Output out;

  @Override
  public Integer call() {
    QuantisationOptions options = new QuantisationOptions(to, group, keepOutputLayer);
    QuantisationReport report;
    try (WritingProgress progress = new WritingProgress()) {
      report = new Quantiser(model, options, others == Others.bf16).write(output, progress);
    }
    if (out.json()) {
      out.print(RecordJson.line(report));
    } else {
      print(report);
    }
    return Main.OK;
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
                Text.oneLine(output.toString()),
                megabytes(report.bytesAfter()),
                megabytes(report.bytesBefore()),
                number("%.1f", 100.0 * report.bytesAfter() / report.bytesBefore()),
                report.leftOut() == 0
                    ? ""
                    : "; %d tensors that the model does not need left out"
                        .formatted(report.leftOut())));
  }

  private static String row(String... cells) {
    return "%-20s %-10s %8s %10s %15s".formatted((Object[]) cells).stripTrailing();
  }

  private static String megabytes(long bytes) {
    return number("%.1f", bytes / 1e6);
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
