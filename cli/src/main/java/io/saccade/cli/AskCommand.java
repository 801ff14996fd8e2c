package io.saccade.cli;

import io.saccade.bus.BusConfig;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoReference;
import io.saccade.sampler.SamplerConfig;
import io.saccade.video.AccessConfig;
import io.saccade.video.HostRule;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code saccade ask}: one question about one video, with everything in this process. */
@Command(
    name = "ask",
    description = {
      "Answers a question about a video, with everything in this one process.",
      "Exits with 1 if there is no answer; the reason is on standard error."
    })
final class AskCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofHours(1);

  @Spec private CommandSpec spec;
  @Mixin private EngineOptions engine;
  @Mixin private FrameOptions frames;
  @Mixin private LimitOptions limits;
  @Mixin private IngestCommand.RangeOptions range;
  @Mixin private QuestionOptions options;
  @Mixin private Output output;

  @Mixin private HostOptions hosts;

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
    try (TemporaryFolder data = TemporaryFolder.create();
        Running running = new Running()) {
      BusConfig bus =
          LocalService.start(
              running,
              data.path(),
              0,
              b ->
                  SamplerConfig.defaults(b, source.access())
                      .withEncoding(frames.encoding())
                      .withLimits(limits.limits()),
              engine::engine);
      try (Asking asking = new Asking(running, bus)) {
        return show(ask(asking, source, text));
      }
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

  private Answer ask(Asking asking, Source source, String text) throws Exception {
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

  /** What is asked about, and what has to be allowed for it: itself. */
  private record Source(String id, String uri, AccessConfig access) {}
}
