package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.DemoFiles;
import io.saccade.cli.local.DemoQuestions;
import io.saccade.cli.local.DemoQuestions.Item;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.local.LocalService;
import io.saccade.cli.local.QuestionClient;
import io.saccade.cli.option.EngineOptions;
import io.saccade.cli.option.FrameOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.TerminalText;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.Question;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.access.AccessConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade demo}: a broker and all roles in one process, on clips with known answers. */
@Command(
    name = "demo",
    description = {
      "Starts an embedded broker and every role, asks all questions on a folder of clips and compares"
          + " the answers.",
      "Exits with 0 only if every question has its answer and enough of the answers are right."
    })
public final class DemoCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofMinutes(9); // below the router's default
  private static final int WIDTH_OF_QUESTION = 46;

  @Mixin private EngineOptions engine;
  @Mixin private FrameOptions frames;
  @Mixin private Output output;

  @Option(
      names = "--clips",
      paramLabel = "DIR",
      description = "A folder of clips with a questions.json. Default: the shipped clips")
  private Path clips;

  @Option(
      names = "--min-accuracy",
      paramLabel = "SHARE",
      defaultValue = "0.98",
      description = "The share of right answers needed for exit code 0. Default: ${DEFAULT-VALUE}")
  private double minAccuracy;

  @Override
  public Integer call() throws Exception {
    long begin = System.nanoTime();
    Path folder = clips == null ? DemoFiles.demoClips() : clips;
    Map<String, Item> asked = number(DemoQuestions.read(folder).items());
    Map<String, Answer> answers;
    try (Lifecycle lifecycle = new Lifecycle()) {
      BusConfig bus =
          LocalService.start(
              lifecycle,
              lifecycle.folder(),
              0,
              b ->
                  SamplerConfig.defaults(b, AccessConfig.files(List.of(folder)))
                      .withEncoding(frames.encoding()),
              engine::engine);
      answers = ask(lifecycle, bus, asked);
    }
    return report(asked, answers, Duration.ofNanos(System.nanoTime() - begin));
  }

  private static Map<String, Item> number(List<Item> items) {
    Map<String, Item> numbered = new LinkedHashMap<>();
    for (Item item : items) {
      numbered.put("demo-%03d".formatted(numbered.size() + 1), item);
    }
    return numbered;
  }

  private static Map<String, Answer> ask(
      Lifecycle lifecycle, BusConfig bus, Map<String, Item> asked)
      throws ExecutionException, InterruptedException {
    try (QuestionClient client = new QuestionClient(lifecycle, bus);
        ProgressBar progress = progress(asked.size())) {
      asked.values().stream().map(Item::video).distinct().forEach(client::publish);
      List<Question> questions =
          asked.entrySet().stream().map(e -> e.getValue().question(e.getKey())).toList();
      return client.ask(questions, TIMEOUT, answer -> progress.step());
    }
  }

  private static ProgressBar progress(int questions) {
    return new ProgressBarBuilder()
        .setTaskName("answers")
        .setInitialMax(questions)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(250)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, 78))
        .build();
  }

  private int report(Map<String, Item> asked, Map<String, Answer> answers, Duration took) {
    if (!output.json()) {
      output.print(row("clip", "question", "answer", "expected", "time"));
    }
    int right = 0;
    int answered = 0;
    for (Map.Entry<String, Item> entry : asked.entrySet()) {
      Answer answer = answers.get(entry.getKey());
      boolean ok = answer.getStatus() == AnswerStatus.OK;
      boolean isRight = ok && entry.getValue().isAnsweredBy(answer.getText());
      answered += ok ? 1 : 0;
      right += isRight ? 1 : 0;
      output.print(answer, row(entry.getValue(), answer, isRight));
    }
    double accuracy = (double) right / asked.size();
    if (!output.json()) {
      output.print(
          "%d of %d answers right, accuracy %.3f, %.1f s"
              .formatted(right, asked.size(), accuracy, took.toMillis() / 1e3));
    }
    return answered == asked.size() && accuracy >= minAccuracy ? ExitCode.OK : ExitCode.FAILED;
  }

  private static String row(Item item, Answer answer, boolean right) {
    String text =
        answer.getStatus() == AnswerStatus.OK
            ? TerminalText.oneLine(answer.getText())
            : "FAILED " + answer.getFailure().getCode();
    String time = "%.2f s".formatted(Times.java(answer.getTimings().getTotal()).toMillis() / 1e3);
    return row(item.videoId(), item.question(), text, item.expected(), time)
        + (right ? "" : "  WRONG");
  }

  private static String row(
      String clip, String question, String answer, String expected, String time) {
    return "%-12s %-"
        .concat(WIDTH_OF_QUESTION + "s %-14s %-14s %8s")
        .formatted(clip, TerminalText.oneLine(question), answer, expected, time);
  }
}
