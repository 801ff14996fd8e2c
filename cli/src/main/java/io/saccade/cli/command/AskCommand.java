package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.local.LocalService;
import io.saccade.cli.local.QuestionClient;
import io.saccade.cli.local.Shipped;
import io.saccade.cli.option.EngineOptions;
import io.saccade.cli.option.FrameOptions;
import io.saccade.cli.option.HostOptions;
import io.saccade.cli.option.LimitOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.QuestionOptions;
import io.saccade.cli.option.QuestionText;
import io.saccade.cli.option.TerminalText;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoReference;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.HostRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code saccade ask}: one question about one video, with everything in this process. */
@Command(
    name = "ask",
    description = {
      "Answers a question about a video, with everything in this one process.",
      "Exits with 1 if there is no answer; the reason is on standard error."
    })
public final class AskCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofHours(1);

  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;
  @Mixin private FrameOptions frames;
  @Mixin private LimitOptions limits;
  @Mixin private IngestCommand.RangeOptions range;
  @Mixin private QuestionOptions options;
  @Mixin private Output output;

  @Mixin private HostOptions hosts;

  @Option(
      names = "--stream",
      description = "Print the answer as it is generated; with --json each piece, then the answer.")
  private boolean stream;

  @Parameters(
      index = "0",
      paramLabel = "VIDEO",
      description = "A video file, or an http: or https: URI; its host is allowed.")
  private String video;

  @Parameters(
      index = "1",
      paramLabel = "QUESTION",
      description = "What to ask; - reads standard input.")
  private String question;

  @Override
  public Integer call() throws Exception {
    Source source = source();
    String text = QuestionText.of(question, System.in);
    try (Lifecycle running = new Lifecycle()) {
      BusConfig bus =
          LocalService.start(
              running,
              running.folder(),
              0,
              b ->
                  SamplerConfig.defaults(b, source.access())
                      .withEncoding(frames.encoding())
                      .withLimits(limits.limits()),
              engine::engine);
      return stream ? stream(running, bus, source, text) : ask(running, bus, source, text);
    }
  }

  private int ask(Lifecycle running, BusConfig bus, Source source, String text) throws Exception {
    try (QuestionClient asking = new QuestionClient(running, bus)) {
      Answer answer = ask(asking, source, text);
      if (isOk(answer) || output.json()) {
        output.print(answer, answer.getText());
      }
      return explain(answer);
    }
  }

  private int stream(Lifecycle running, BusConfig bus, Source source, String text)
      throws Exception {
    Streamed streamed = new Streamed();
    try (QuestionClient asking =
        QuestionClient.streaming(running, bus, chunk -> show(chunk, streamed))) {
      Answer answer = ask(asking, source, text);
      if (isOk(answer) || output.json()) {
        output.print(answer, streamed.rest(answer.getText()));
      } else if (!streamed.isEmpty()) {
        output.print("");
      }
      return explain(answer);
    }
  }

  private void show(AnswerChunk chunk, Streamed streamed) {
    if (output.json()) {
      output.print(chunk, "");
    } else {
      output.printPart(streamed.take(chunk));
    }
  }

  private Source source() throws IOException {
    if (Files.isRegularFile(Path.of(video))) {
      Path file = Path.of(video).toRealPath();
      String name = file.getFileName().toString();
      return new Source(
          name.substring(0, Math.min(name.length(), 200)),
          VideoUri.of(file.toString()),
          hosts.config(List.of(file.getParent())));
    }
    String uri = VideoUri.of(video);
    if (uri.startsWith("file:")) {
      throw new IllegalArgumentException(video + ": no such file");
    }
    HostRule host = HostRule.parse(String.valueOf(URI.create(uri).getRawAuthority()));
    return new Source(VideoUri.idOf(uri), uri, hosts.config(List.of(), host));
  }

  private Answer ask(QuestionClient asking, Source source, String text) throws Exception {
    asking.publish(
        VideoReference.newBuilder().setVideoId(source.id()).setUri(source.uri()).build());
    Question.Builder asked =
        Question.newBuilder()
            .setQuestionId("ask")
            .setVideoId(source.id())
            .setText(text)
            .setDeadline(Times.proto(Instant.now().plus(TIMEOUT)));
    range.range().ifPresent(asked::setRange);
    Question full = options.apply(asked, Instant.now()).build();
    return asking.ask(List.of(full), TIMEOUT.plusMinutes(1), answer -> {}).get("ask");
  }

  private static boolean isOk(Answer answer) {
    return answer.getStatus() == AnswerStatus.OK;
  }

  /** Says on standard error what there is to say about an answer; the exit code. */
  private int explain(Answer answer) {
    PrintWriter err = spec.commandLine().getErr();
    if (!isOk(answer)) {
      err.println(
          "saccade: "
              + answer.getFailure().getCode()
              + ": "
              + TerminalText.oneLine(answer.getFailure().getMessage()));
      return ExitCode.FAILED;
    }
    if (!output.json()) {
      LookedMost.of(answer.getLookedAtList()).ifPresent(line -> err.println("saccade: " + line));
    }
    if (engine.isDemo()) {
      err.println("saccade: " + Shipped.DEMO_ABILITIES + " For more: --model DIR (README.md).");
    }
    return ExitCode.OK;
  }

  /** What is asked about, and what has to be allowed for it: itself. */
  private record Source(String id, String uri, AccessConfig access) {}
}
