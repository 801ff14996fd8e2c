package io.saccade.cli;

import io.saccade.bus.BusConfig;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoReference;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code saccade ask}: one question about one file, with everything in this process. */
@Command(
    name = "ask",
    description = {
      "Answers a question about a video file, with everything in this one process.",
      "Exits with 1 if there is no answer; the reason is on standard error."
    })
final class AskCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofHours(1);

  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;
  @Mixin private FrameOptions frames;
  @Mixin private IngestCommand.RangeOptions range;
  @Mixin private QuestionOptions options;
  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "VIDEO", description = "A video file.")
  private Path video;

  @Parameters(
      index = "1",
      paramLabel = "QUESTION",
      description = "What to ask; - reads standard input.")
  private String question;

  @Override
  public Integer call() throws Exception {
    if (!Files.isRegularFile(video)) {
      throw new IllegalArgumentException(video + ": no such file");
    }
    String text = QuestionText.of(question, System.in);
    try (TemporaryFolder data = TemporaryFolder.create();
        Running running = new Running()) {
      Path file = video.toRealPath();
      BusConfig bus =
          LocalService.start(
              running,
              data.path(),
              0,
              List.of(file.getParent()),
              frames.encoding(),
              engine::engine);
      try (Asking asking = new Asking(running, bus)) {
        return show(ask(asking, file, text));
      }
    }
  }

  private Answer ask(Asking asking, Path file, String text) throws Exception {
    String id = file.getFileName().toString();
    String videoId = id.substring(0, Math.min(id.length(), 200));
    asking.publish(
        VideoReference.newBuilder()
            .setVideoId(videoId)
            .setUri(VideoUri.of(file.toString()))
            .build());
    Question.Builder asked =
        Question.newBuilder()
            .setQuestionId("ask")
            .setVideoId(videoId)
            .setText(text)
            .setDeadline(Times.proto(Instant.now().plus(TIMEOUT)));
    range.range().ifPresent(asked::setRange);
    Question full = options.apply(asked, Instant.now()).build();
    return asking.ask(List.of(full), TIMEOUT.plusMinutes(1), answer -> {}).get("ask");
  }

  private int show(Answer answer) {
    boolean ok = answer.getStatus() == AnswerStatus.OK;
    PrintWriter err = spec.commandLine().getErr();
    if (ok || output.json()) {
      output.print(answer, answer.getText());
    }
    if (!ok) {
      err.println(
          "saccade: "
              + answer.getFailure().getCode()
              + ": "
              + Text.oneLine(answer.getFailure().getMessage()));
    } else if (engine.isDemo()) {
      err.println("saccade: " + Shipped.DEMO_ABILITIES + " For more: --model DIR (README.md).");
    }
    return ok ? Main.OK : Main.FAILED;
  }
}
