package io.saccade.cli;

import com.google.gson.JsonObject;
import io.saccade.model.DecodeMode;
import io.saccade.model.ModelOptions;
import io.saccade.model.Precision;
import io.saccade.model.SlowFastModel;
import io.saccade.model.Yardstick;
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
final class BenchModel implements Callable<Integer> {

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
          "Runs of everything but decoding, of which the best counts. Default: ${DEFAULT-VALUE}")
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
      new BenchModelSoak(output).run(soak);
      return Main.OK;
    }
    try (Running running = new Running()) {
      run(new BenchModelFolders(work == null ? running.folder() : work, like));
    }
    return Main.OK;
  }

  private void run(BenchModelFolders folders) throws IOException {
    print("threads", "", count(), OptionalDouble.empty(), OptionalDouble.empty());
    Figures f32;
    Figures bf16;
    Figures int8;
    Figures int4;
    Figures wide;
    try (Yardstick plain = yardstick(folders.of("bf16"))) {
      f32 = measure(folders.of("bf16"), options(Precision.F32), plain);
      decode("f32", f32, ratio(1.6), OptionalDouble.empty());
      bf16 = measure(folders.of("bf16"), options(Precision.BF16), plain);
      decode("bf16", bf16, ratio(1.9), ratio(10));
      int8 = measure(folders.of("int8"), options(Precision.AUTO), plain);
      decode("int8", int8, OptionalDouble.empty(), OptionalDouble.empty());
      int4 = measure(folders.of("int4"), options(Precision.AUTO), plain);
      decode("int4", int4, ratio(6), ratio(13));
      wide = measure(folders.of("int4"), options(Precision.AUTO).withWideCopies(true), plain);
      decode("int4 with wide copies", wide, ratio(6), ratio(13));
    }
    stages("f32", f32, f32, OptionalDouble.empty(), OptionalDouble.empty());
    stages("bf16", bf16, f32, ratio(2.2), ratio(1.5));
    stages("int8", int8, f32, OptionalDouble.empty(), OptionalDouble.empty());
    stages("int4", int4, f32, OptionalDouble.empty(), OptionalDouble.empty());
    second("f32", f32);
    second("bf16", bf16);
    stages("int4 with wide copies", wide, f32, OptionalDouble.empty(), OptionalDouble.empty());
    second("int4", int4);
    second("int4 with wide copies", wide);
    frames(folders);
  }

  private int count() {
    return threads == null ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private ModelOptions options(Precision precision) {
    return ModelOptions.defaults().withThreads(count()).withPrecision(precision);
  }

  private Yardstick yardstick(Path folder) {
    return Yardstick.load(
        folder, options(Precision.F32), FRAMES, PROMPT_TOKENS, steps, DecodeMode.ALL_TEXT);
  }

  /**
   * What is measured of one format, in milliseconds.
   *
   * @param one a step of one question, and the yardstick's
   * @param eight a step of eight questions, and the yardstick's
   * @param prefill of the whole prompt, the slow keys and values not counted
   * @param tower a clip through vision tower, projector and pooling
   * @param first from the frames to the first token of the first question on a clip
   * @param second the same of the next question
   * @param overhead share of a step that is spent outside of tensor operators
   */
  private record Figures(
      BenchModelRun.Decoding one,
      BenchModelRun.Decoding eight,
      double prefill,
      double tower,
      double first,
      double second,
      double overhead) {}

  private Figures measure(Path folder, ModelOptions options, Yardstick plain) {
    try (SlowFastModel model = SlowFastModel.load(folder, options)) {
      BenchModelRun run = new BenchModelRun(model, FRAMES, PROMPT_TOKENS);
      BenchModelRun.Stages best = run.stages(runs);
      return new Figures(
          run.decode(1, steps, plain::step),
          run.decode(8, steps, plain::step),
          best.prefix() + best.question(),
          best.frames(),
          best.frames() + best.slow() + best.prefix() + best.question(),
          best.question(),
          run.overhead());
    }
  }

  private void decode(String format, Figures is, OptionalDouble aimOne, OptionalDouble aimEight) {
    decode(format + ", 1 question", is.one, 1, aimOne);
    decode(format + ", 8 questions", is.eight, 8, aimEight);
    print(
        "overhead",
        format + ", % of a step outside of operators",
        100 * is.overhead,
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  private void decode(String what, BenchModelRun.Decoding step, int questions, OptionalDouble aim) {
    print(
        "decode",
        "yardstick beside " + what + ", ms a token",
        step.plain(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
    double ratio = questions * step.plain() / step.ours();
    print("decode", what + ", ms a step", step.ours(), ratio(ratio), aim);
  }

  private void stages(
      String format, Figures is, Figures f32, OptionalDouble prefill, OptionalDouble tower) {
    print(
        "prefill",
        format + ", 612 tokens, ms",
        is.prefill,
        ratio(f32.prefill / is.prefill),
        prefill);
    print("tower", format + ", 64 frames, ms", is.tower, ratio(f32.tower / is.tower), tower);
  }

  private void second(String format, Figures is) {
    print(
        "second question",
        format + ", first token after ms",
        is.second,
        ratio(is.first / is.second),
        ratio(20));
  }

  /** The paper's claim: the language model's work hardly grows with the frames. */
  private void frames(BenchModelFolders folders) throws IOException {
    long operations = 0;
    double time = 0;
    for (int frames : CLIPS) {
      Path folder = folders.withTemporalStride(folders.of("bf16"), frames / 16);
      try (SlowFastModel model = SlowFastModel.load(folder, options(Precision.AUTO))) {
        BenchModelRun run = new BenchModelRun(model, frames, PROMPT_TOKENS);
        BenchModelRun.Stages best = run.stages(1);
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
    return OptionalDouble.of(value);
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
