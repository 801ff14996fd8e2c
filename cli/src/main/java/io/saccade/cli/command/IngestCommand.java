package io.saccade.cli.command;

import io.saccade.cli.option.BusOptions;
import io.saccade.cli.option.LiveVideoOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.QuestionOptions;
import io.saccade.cli.option.QuestionText;
import io.saccade.cli.option.RangeOptions;
import io.saccade.ingest.VideoUri;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code saccade ingest}: publishes, and withdraws, videos and questions. */
@Command(
    name = "ingest",
    description = "Publishes videos, and questions about them.",
    subcommands = {IngestCommand.Video.class, IngestCommand.Forget.class, IngestCommand.Ask.class})
public final class IngestCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "the subcommand is missing: video, forget or question");
  }

  /** {@code saccade ingest video}. */
  @Command(
      name = "video",
      description = "Publishes a video, so that questions about it can be answered.")
  static final class Video implements Callable<Integer> {

    @Mixin private BusOptions bus;
    @Mixin private Output output;
    @Mixin private RangeOptions range;
    @Mixin private LiveVideoOptions live;

    @Parameters(
        paramLabel = "URI",
        description =
            "The video as the sampler sees it: a path, or an absolute file:, http: or https: URI; with"
                + " --live also rtsp:, rtsps: or udp:.")
    private String video;

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "The video's id. Default: its name and a hash of its URI")
    private String id;

    @Option(
        names = "--label",
        paramLabel = "NAME=VALUE",
        description = "A label of your own, for example site=gate-3; may be repeated.")
    private final Map<String, String> labels = new LinkedHashMap<>();

    @Override
    public Integer call() {
      VideoReference reference = reference();
      return new RecordPublication(bus, output)
          .run(
              Topics.VIDEOS,
              publisher -> publisher.publish(reference),
              reference,
              "video %s (%s)"
                  .formatted(reference.getVideoId(), VideoUri.shown(reference.getUri())));
    }

    private VideoReference reference() {
      String uri = live.isLive() ? VideoUri.live(video) : VideoUri.of(video);
      VideoReference.Builder reference =
          VideoReference.newBuilder()
              .setVideoId(id == null ? VideoUri.idOf(uri) : id)
              .setUri(uri)
              .setKind(live.isLive() ? VideoKind.VIDEO_KIND_LIVE : VideoKind.VIDEO_KIND_FILE)
              .putAllLabels(labels);
      range.range().ifPresent(reference::setRange);
      live.options().ifPresent(reference::setLive);
      return reference.build();
    }
  }

  /** {@code saccade ingest forget}. */
  @Command(
      name = "forget",
      description =
          "Withdraws a video: no questions about it are answered any more, and a live one is not"
              + " followed any more.")
  static final class Forget implements Callable<Integer> {

    @Mixin private BusOptions bus;
    @Mixin private Output output;

    @Parameters(paramLabel = "ID", description = "The video's id, as ingest video printed it.")
    private String video;

    @Override
    public Integer call() {
      return new RecordPublication(bus, output)
          .run(
              Topics.VIDEOS,
              publisher -> publisher.forget(video),
              VideoReference.newBuilder().setVideoId(video),
              "forgot " + video);
    }
  }

  /** {@code saccade ingest question}. */
  @Command(name = "question", description = "Publishes a question about a video.")
  static final class Ask implements Callable<Integer> {

    @Mixin private BusOptions bus;
    @Mixin private Output output;
    @Mixin private RangeOptions range;

    @Option(
        names = "--model",
        paramLabel = "NAME",
        description = "The model to ask. Default: the only one that is served",
        defaultValue = "")
    private String model;

    @Mixin private QuestionOptions options;

    @Option(
        names = "--video",
        paramLabel = "ID",
        required = true,
        description = "The id of the video, as ingest video printed it.")
    private String video;

    @Option(
        names = "--id",
        paramLabel = "ID",
        description =
            "The question's id; a question with an id that was used before is dropped. Default: random")
    private String id;

    @Parameters(paramLabel = "TEXT", description = "The question; - reads standard input.")
    private String text;

    @Override
    public Integer call() throws IOException {
      Question question = question();
      return new RecordPublication(bus, output)
          .run(
              Topics.QUESTIONS,
              publisher -> publisher.publish(question),
              question,
              "question " + question.getQuestionId());
    }

    private Question question() throws IOException {
      Question.Builder question =
          Question.newBuilder()
              .setQuestionId(id == null ? UUID.randomUUID().toString() : id)
              .setVideoId(video)
              .setText(QuestionText.of(text, System.in));
      range.range().ifPresent(question::setRange);
      return options.apply(question.setModel(model), Instant.now()).build();
    }
  }
}
