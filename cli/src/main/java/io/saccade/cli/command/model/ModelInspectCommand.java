package io.saccade.cli.command.model;

import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.RecordJson;
import io.saccade.cli.option.TerminalText;
import io.saccade.model.architecture.FastPathway;
import io.saccade.model.inspect.CheckpointInspection;
import io.saccade.model.inspect.MemoryEstimate;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code saccade model inspect}: describes a checkpoint and the memory that it needs. */
@Command(
    name = "inspect",
    description = {
      "Prints what a checkpoint contains and how much of it fits in the memory of this machine.",
      "Reads its configuration and headers only. Exits with 0 if the checkpoint can be used."
    })
final class ModelInspectCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "A slow-fast checkpoint folder.")
  private Path folder;

  @Mixin private Output output;

  @Override
  public Integer call() {
    CheckpointInspection inspection = CheckpointInspection.of(folder);
    if (output.json()) {
      output.print(RecordJson.line(inspection));
    } else {
      print(inspection);
    }
    return ExitCode.OK;
  }

  private void print(CheckpointInspection model) {
    output.print(TerminalText.oneLine(model.name()));
    printArchitecture(model);
    printWeights(model);
    printTokens(model);
    printMemory(model, model.memory());
  }

  private void printArchitecture(CheckpointInspection model) {
    CheckpointInspection.Decoder decoder = model.decoder();
    line(
        "decoder",
        "%d layers (hybrid: %s), hidden %d, %d heads and %d key heads of %d, MLP %d, vocabulary %d%s",
        decoder.layers(),
        decoder.hybridLayers(),
        decoder.hidden(),
        decoder.heads(),
        decoder.keyHeads(),
        decoder.headSize(),
        decoder.intermediate(),
        decoder.vocabulary(),
        decoder.tiedEmbeddings() ? ", tied embeddings" : "");
    line(
        "tower",
        "%s, depths %s, %d channels, %dx%d tokens a frame",
        model.tower().kind(),
        model.tower().depths(),
        model.tower().channels(),
        model.tower().grid(),
        model.tower().grid());
  }

  private void printWeights(CheckpointInspection model) {
    line(
        "weights",
        "%,d parameters, %s%s",
        model.parameters(),
        size(model.bytes()),
        model.quantisation() == null ? "" : ", quantised to " + model.quantisation());
    for (CheckpointInspection.Weights weights : model.weights()) {
      line(
          "",
          "%-16s %-5s %,15d %10s",
          weights.part(),
          weights.type(),
          weights.parameters(),
          size(weights.bytes()));
    }
  }

  private void printTokens(CheckpointInspection model) {
    CheckpointInspection.Profile profile = model.profile();
    FastPathway fast = profile.fastPathway();
    line(
        "sampling",
        "%d frames of %dx%d, %s; s=%d t=%d m=%d",
        profile.frames(),
        profile.imageSize(),
        profile.imageSize(),
        profile.resizeRule().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        fast.temporalSamplingStride(),
        fast.temporalStride(),
        fast.minFastFrames());
    CheckpointInspection.Tokens tokens = model.tokens();
    line(
        "tokens",
        "a clip has %d slow (%dx%d a frame) and %d fast; a prompt has at most %d, %d of them text",
        tokens.slow(),
        tokens.slowGrid(),
        tokens.slowGrid(),
        tokens.fast(),
        tokens.maxPrompt(),
        tokens.maxText());
    line("generation", "%s", generation(model.generation()));
  }

  private static String generation(CheckpointInspection.@Nullable Generation generation) {
    if (generation == null) {
      return "greedy: there is no generation_config.json";
    }
    String choice =
        generation.sample()
            ? format(
                "temperature %s, top-p %s, top-k %d",
                generation.temperature(), generation.topP(), generation.topK())
            : "greedy";
    return format(
        "%s, repetition penalty %s, ends at %s",
        choice, generation.repetitionPenalty(), generation.endIds());
  }

  private void printMemory(CheckpointInspection model, MemoryEstimate memory) {
    line(
        "memory",
        "a clip keeps %s (slow %s, prefix %s); a sequence of the longest prompt and answer %s",
        size(memory.clipBytes()),
        size(memory.slowKeyValueBytes()),
        size(memory.prefixKeyValueBytes()),
        size(memory.sequenceBytes()));
    line(
        "",
        "weights %s%s, about %s to work in, %s kept free",
        size(model.bytes()),
        memory.wideCopyBytes() == 0 ? "" : " and " + size(memory.wideCopyBytes()) + " in bf16, too",
        size(memory.workingBytes()),
        size(MemoryEstimate.RESERVED_BYTES));
    line(
        "machine",
        memory.fits()
            ? "%s: room for %d clips and one sequence, or for %d sequences on one clip"
            : "%s: NOT enough for one clip and one sequence",
        size(memory.machineBytes()),
        memory.clips(),
        memory.sequences());
  }

  private void line(String name, String format, Object... values) {
    output.print("  %-11s%s".formatted(name, format(format, values)));
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static String size(long bytes) {
    return bytes < 1 << 30
        ? format("%.1f MiB", bytes / (double) (1 << 20))
        : format("%.2f GiB", bytes / (double) (1 << 30));
  }
}
