package io.saccade.bench.model;

import com.google.gson.JsonObject;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.option.Output;
import io.saccade.model.VideoModel;
import io.saccade.model.config.DecodeMode;
import io.saccade.model.graph.ModelOptions;
import io.saccade.model.graph.Precision;
import io.saccade.model.graph.WideCopies;
import io.saccade.model.verify.PlainDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade bench model}: what caching, batching and small types save. */
@Command(
    name = "model",
    description = {
      "Makes a medium checkpoint of random weights and times it: 24 layers, hidden 896, 14 heads, 2"
          + " key heads, MLP 4864, hybrid every 6, vocabulary 32,768, a ConvNeXt at 384; 64 frames,"
          + " 612 prompt tokens.",
      "The yardstick decodes as the public code does: float32, one question at a time, heads repeated,"
          + " slow keys and values made anew at each step. Ratios are of times in this run; above 1"
          + " means faster.",
      "Exits with 0 whatever the figures are."
    })
public final class BenchModel implements Callable<Integer> {

  private static final int FRAMES = 64;
  private static final int PROMPT_TOKENS = 612;
  private static final List<Integer> CLIPS = List.of(16, 32, 64, 96, 128);

  @Mixin private Output output;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of a tensor operation, on both sides. Default: one per core.")
  private Integer threads;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "24",
      description = "Decode steps timed, of which the median counts. Default: ${DEFAULT-VALUE}")
  private int steps;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "3",
      description =
          "Runs of everything but decoding, in turns with float32, of which the best counts."
              + " Default: ${DEFAULT-VALUE}")
  private int runs;

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "Keep the checkpoints (3 GB) here for the next run. Default: a temporary folder.")
  private Path work;

  @Option(
      names = "--like",
      paramLabel = "CONFIG",
      defaultValue = "medium",
      description = "Another shape, as of 'model synthesize'. Default: ${DEFAULT-VALUE}")
  private String like;

  @Option(
      names = "--soak",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Instead, ask the demo model N questions on N / 10 clips and print its memory on the way."
              + " Default: ${DEFAULT-VALUE}")
  private int soak;

  @Override
  public Integer call() throws IOException {
    if (soak > 0) {
      new ModelSoak(output).run(soak);
      return ExitCode.OK;
    }
    try (Lifecycle lifecycle = new Lifecycle()) {
      run(new ModelFolders(work == null ? lifecycle.folder() : work, like));
    }
    return ExitCode.OK;
  }

  private void run(ModelFolders folders) throws IOException {
    print("threads", "", count(), OptionalDouble.empty(), OptionalDouble.empty());
    Path bf16 = folders.of("bf16");
    Path int4 = folders.of("int4");
    try (PlainDecoder plain = yardstick(bf16);
        VideoModel exact = VideoModel.load(bf16, options(Precision.F32))) {
      Bench bench = new Bench(plain, new ModelRun(exact, FRAMES, PROMPT_TOKENS));
      bench.run("f32", bench.f32, new Aims(1.6, 0, 0, 0, 20));
      bench.run("bf16", bf16, options(Precision.BF16), new Aims(1.9, 10, 2.2, 1.5, 20));
      bench.run("int8", folders.of("int8"), options(Precision.AUTO), new Aims(0, 0, 0, 0, 20));
      bench.run("int4", int4, options(Precision.AUTO), new Aims(6, 13, 0, 0, 20));
      bench.run(
          "int4 without wide copies",
          int4,
          options(Precision.AUTO).withWideCopies(WideCopies.NEVER),
          new Aims(6, 13, 0, 0, 20));
    }
    frames(folders);
  }

  private int count() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private ModelOptions options(Precision precision) {
    return ModelOptions.defaults().withThreads(count()).withPrecision(precision);
  }

  private PlainDecoder yardstick(Path folder) {
    return PlainDecoder.load(
        folder, options(Precision.F32), FRAMES, PROMPT_TOKENS, steps, DecodeMode.ALL_TEXT);
  }

  /** Ratios that a format should reach; 0 where there is none. */
  private record Aims(double one, double eight, double prefill, double tower, double second) {}

  /** Measures formats, each in turns with the yardstick's steps and float32's stages. */
  private final class Bench {
    private final PlainDecoder plain;
    private final ModelRun f32;

    Bench(PlainDecoder plain, ModelRun f32) {
      this.plain = plain;
      this.f32 = f32;
    }

    void run(String format, Path folder, ModelOptions options, Aims aims) {
      try (VideoModel model = VideoModel.load(folder, options)) {
        run(format, new ModelRun(model, FRAMES, PROMPT_TOKENS), aims);
      }
    }

    void run(String format, ModelRun run, Aims aims) {
      decode(format + ", 1 question", run, 1, aims.one);
      decode(format + ", 8 questions", run, 8, aims.eight);
      print(
          "overhead",
          format + ", % of a step outside of operators",
          100 * run.overhead(),
          OptionalDouble.empty(),
          OptionalDouble.empty());
      List<ModelRun.Stages> best = ModelRun.stages(runs, List.of(run, f32));
      ModelRun.Stages is = best.get(0);
      ModelRun.Stages exact = best.get(1);
      stage("prefill", format + ", 612 tokens, ms", is.prefill(), exact.prefill(), aims.prefill);
      stage("tower", format + ", 64 frames, ms", is.frames(), exact.frames(), aims.tower);
      print(
          "second question",
          format + ", first token after ms",
          is.question(),
          ratio(is.first() / is.question()),
          ratio(aims.second));
    }

    private void decode(String what, ModelRun run, int questions, double aim) {
      ModelRun.Decoding step = run.decode(questions, steps, plain::step);
      print(
          "decode",
          "yardstick beside " + what + ", ms a token",
          step.plain(),
          OptionalDouble.empty(),
          OptionalDouble.empty());
      double ratio = questions * step.plain() / step.ours();
      print("decode", what + ", ms a step", step.ours(), ratio(ratio), ratio(aim));
    }

    private void stage(String figure, String what, double is, double exact, double aim) {
      print(
          figure, "float32 beside " + what, exact, OptionalDouble.empty(), OptionalDouble.empty());
      print(figure, what, is, ratio(exact / is), ratio(aim));
    }
  }

  /** The paper's claim: the language model's work hardly grows with the frames. */
  private void frames(ModelFolders folders) throws IOException {
    long operations = 0;
    double time = 0;
    for (int frames : CLIPS) {
      Path folder = folders.withTemporalStride(folders.of("bf16"), frames / 16);
      try (VideoModel model = VideoModel.load(folder, options(Precision.AUTO))) {
        ModelRun run = new ModelRun(model, frames, PROMPT_TOKENS);
        ModelRun.Stages best = ModelRun.stages(1, List.of(run)).get(0);
        double took = best.slow() + best.prefix() + best.question();
        long count = model.prefillOperations(frames, run.promptTokens());
        operations = operations == 0 ? count : operations;
        time = time == 0 ? took : time;
        print(
            "frames",
            "%d frames, t = %d: GFLOP of a first question's prefill".formatted(frames, frames / 16),
            count / 1e9,
            ratio((double) count / operations),
            OptionalDouble.empty());
        print(
            "frames",
            "%d frames, t = %d: ms".formatted(frames, frames / 16),
            took,
            ratio(took / time),
            OptionalDouble.empty());
      }
    }
  }

  private static OptionalDouble ratio(double value) {
    return value == 0 ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private void print(
      String figure, String what, double value, OptionalDouble ratio, OptionalDouble aim) {
    if (output.json()) {
      JsonObject json = new JsonObject();
      json.addProperty("figure", figure);
      json.addProperty("what", what);
      json.addProperty("value", value);
      ratio.ifPresent(number -> json.addProperty("ratio", number));
      aim.ifPresent(
          number -> {
            json.addProperty("aim", number);
            json.addProperty("met", ratio.orElse(0) >= number);
          });
      output.print(json.toString());
      return;
    }
    output.print(
        String.format(
            Locale.ROOT,
            "%-16s %-50s %10.2f %8s %8s",
            figure,
            what,
            value,
            ratio.isPresent() ? String.format(Locale.ROOT, "%.2fx", ratio.getAsDouble()) : "",
            aim.isPresent() ? String.format(Locale.ROOT, "(%.1fx)", aim.getAsDouble()) : ""));
  }

  /** A question of so many words. */
  static String words(int count) {
    return String.join(" ", IntStream.range(0, count).mapToObj(i -> "a").toList());
  }
}
