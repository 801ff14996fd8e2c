package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.DemoFiles;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.local.Lifecycle;
import io.saccade.cli.local.LocalService;
import io.saccade.cli.local.QuestionClient;
import io.saccade.cli.option.EngineOptions;
import io.saccade.cli.option.FrameOptions;
import io.saccade.cli.option.HostOptions;
import io.saccade.cli.option.LimitOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.QuestionOptions;
import io.saccade.cli.option.QuestionText;
import io.saccade.cli.option.RangeOptions;
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

/**
 * {@code saccade ask}: answers one question about one video, with a broker and all roles in this
 * process.
 *
 * <p>See decision 37 in {@code docs/decisions.md} for the host that it allows.
 */
@Command(
    name = "ask",
    description = {
      "Answers a question about a video, with a broker and all roles in this one process.",
      "Exits with 1 if there is no answer; the reason is printed on standard error."
    })
public final class AskCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofHours(1);

  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;
  @Mixin private FrameOptions frames;
  @Mixin private LimitOptions limits;
  @Mixin private RangeOptions range;
  @Mixin private QuestionOptions options;
  @Mixin private Output output;

  @Mixin private HostOptions hosts;

  @Option(
      names = "--stream",
      description =
          "Print the answer while it is generated; with --json each piece, then the answer.")
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
    try (Lifecycle lifecycle = new Lifecycle()) {
      BusConfig bus =
          LocalService.start(
              lifecycle,
              lifecycle.folder(),
              0,
              b ->
                  SamplerConfig.defaults(b, source.access())
                      .withEncoding(frames.encoding())
                      .withLimits(limits.limits()),
              engine::engine);
      return stream ? stream(lifecycle, bus, source, text) : ask(lifecycle, bus, source, text);
    }
  }

  private int ask(Lifecycle lifecycle, BusConfig bus, Source source, String text) throws Exception {
    try (QuestionClient client = new QuestionClient(lifecycle, bus)) {
      Answer answer = ask(client, source, text);
      if (isOk(answer) || output.json()) {
        output.print(answer, answer.getText());
      }
      return explain(answer);
    }
  }

  private int stream(Lifecycle lifecycle, BusConfig bus, Source source, String text)
      throws Exception {
    StreamedAnswer shown = new StreamedAnswer();
    try (QuestionClient client =
        QuestionClient.streaming(lifecycle, bus, chunk -> show(chunk, shown))) {
      Answer answer = ask(client, source, text);
      if (isOk(answer) || output.json()) {
        output.print(answer, shown.rest(answer.getText()));
      } else if (!shown.isEmpty()) {
        output.print("");
      }
      return explain(answer);
    }
  }

  private void show(AnswerChunk chunk, StreamedAnswer shown) {
    if (output.json()) {
      output.print(chunk, "");
    } else {
      output.printPart(shown.add(chunk));
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

  private Answer ask(QuestionClient client, Source source, String text) throws Exception {
    client.publish(
        VideoReference.newBuilder().setVideoId(source.id()).setUri(source.uri()).build());
    Question.Builder asked =
        Question.newBuilder()
            .setQuestionId("ask")
            .setVideoId(source.id())
            .setText(text)
            .setDeadline(Times.proto(Instant.now().plus(TIMEOUT)));
    range.range().ifPresent(asked::setRange);
    Question full = options.apply(asked, Instant.now()).build();
    return client.ask(List.of(full), TIMEOUT.plusMinutes(1), answer -> {}).get("ask");
  }

  private static boolean isOk(Answer answer) {
    return answer.getStatus() == AnswerStatus.OK;
  }

  /**
   * Prints on standard error why there is no answer, or hints about the answer.
   *
   * @return the exit code
   */
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
      AttentionPeak.of(answer.getLookedAtList()).ifPresent(line -> err.println("saccade: " + line));
    }
    if (engine.isDemo()) {
      err.println("saccade: " + DemoFiles.DEMO_ABILITIES + " For more: --model DIR (README.md).");
    }
    return ExitCode.OK;
  }

  /**
   * The video of the question.
   *
   * @param id of the video
   * @param uri of the video
   * @param access allows the video's folder or host, besides the hosts of the options
   */
  private record Source(String id, String uri, AccessConfig access) {}
}
