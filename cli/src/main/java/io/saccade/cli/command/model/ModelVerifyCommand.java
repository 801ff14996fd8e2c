package io.saccade.cli.command.model;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.CheckpointOptions;
import io.saccade.cli.option.Output;
import io.saccade.model.VideoModel;
import io.saccade.model.graph.Precision;
import io.saccade.model.verify.Verification;
import io.saccade.model.verify.Verifier;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade model verify}: compares a checkpoint's results with a reference. */
@Command(
    name = "verify",
    description = {
      "Runs a checkpoint on reference cases and compares every tensor and the generated ids.",
      "Computes in f32 unless --precision is given. Exits with 0 only if all agree: in f32, tensors"
          + " to 1e-3 of their largest value, and all ids; in smaller formats, tensors by their"
          + " cosine similarity, at least 0.98 in int4 and 0.999 in bf16, f16 and int8."
    })
final class ModelVerifyCommand implements Callable<Integer> {

  @Mixin private CheckpointOptions checkpoint;
  @Mixin private Output output;

  @Option(
      names = "--vectors",
      paramLabel = "CASE",
      required = true,
      arity = "1..*",
      description = "A case: a .safetensors file with a .json of the same name beside it.")
  private List<Path> cases;

  @Override
  public Integer call() {
    boolean passed = true;
    try (VideoModel model = checkpoint.load(Precision.EXACT)) {
      for (Path file : cases) {
        Verification verification = Verifier.verify(model, file);
        passed &= verification.passed();
        print(verification);
      }
    }
    return passed ? ExitCode.OK : ExitCode.FAILED;
  }

  private void print(Verification verification) {
    if (output.json()) {
      verification.rows().forEach(row -> output.print(json(verification, row)));
      return;
    }
    output.print(
        "%s (in %s, rotary frequencies in %s)"
            .formatted(
                verification.caseFile(), verification.format(), verification.rotaryFrequencies()));
    output.print(
        "  %-30s %-18s %10s %10s %9s %6s"
            .formatted("tensor", "shape", "max abs", "max rel", "cosine", "equal"));
    for (Verification.Row row : verification.rows()) {
      output.print(
          "  %-30s %-18s %10s %10s %9s %6s  %s"
              .formatted(
                  row.name(),
                  row.shape(),
                  number(row.maxAbsoluteDifference()),
                  number(row.maxRelativeDifference()),
                  decimal("%.6f", row.cosine()),
                  decimal("%.3f", row.equalShare()),
                  (row.agrees() ? "ok" : "DIFFERS")
                      + (row.remark().isEmpty() ? "" : " (" + row.remark() + ")")));
    }
    verification.skipped().forEach(name -> output.print("  " + name + " skipped: not known"));
    output.print(
        "  %s; smallest cosine of logits %s, equal greedy tokens %s"
            .formatted(
                verification.passed() ? "all agree" : "NOT all agree",
                decimal("%.6f", verification.logitsCosine()),
                decimal("%.3f", verification.greedyShare())));
  }

  private static String number(OptionalDouble value) {
    return decimal("%.2e", value);
  }

  private static String decimal(String format, OptionalDouble value) {
    return value.isPresent() ? format.formatted(value.getAsDouble()) : "";
  }

  private static String json(Verification verification, Verification.Row row) {
    JsonObject object = new JsonObject();
    object.addProperty("case", verification.caseFile().toString());
    object.addProperty("tensor", row.name());
    object.add("shape", new Gson().toJsonTree(row.shape()));
    row.maxAbsoluteDifference().ifPresent(value -> object.addProperty("maxAbs", value));
    row.maxRelativeDifference().ifPresent(value -> object.addProperty("maxRel", value));
    row.cosine().ifPresent(value -> object.addProperty("cosine", value));
    row.equalShare().ifPresent(value -> object.addProperty("equalShare", value));
    object.addProperty("agrees", row.agrees());
    object.addProperty("remark", row.remark());
    object.addProperty("format", verification.format());
    object.addProperty("rotaryFrequencies", verification.rotaryFrequencies());
    return object.toString();
  }
}
