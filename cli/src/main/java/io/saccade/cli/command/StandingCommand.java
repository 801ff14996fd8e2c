package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.BusOptions;
import io.saccade.cli.option.DecodingOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.QuestionText;
import io.saccade.cli.option.TerminalText;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.IngestException;
import io.saccade.ingest.Publisher;
import io.saccade.ingest.StandingReader;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.StandingQuestion;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.RecordMetadata;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code saccade standing}: adds, lists and cancels standing questions. */
@Command(
    name = "standing",
    description = "Asks questions of every window of live videos, until they are cancelled.",
    subcommands = {
      StandingCommand.Add.class,
      StandingCommand.ListAll.class,
      StandingCommand.Cancel.class
    })
public final class StandingCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "the subcommand is missing: add, list or cancel");
  }

  /** {@code saccade standing add}. */
  @Command(
      name = "add",
      description = {
        "Publishes a standing question; it replaces one with the same id.",
        "The id of a window's answer is the question's id, #, and the id of the window's clip."
      })
  static final class Add implements Callable<Integer> {

    @Mixin private BusOptions bus;
    @Mixin private Output output;
    @Mixin private DecodingOptions decoding;

    @ArgGroup(multiplicity = "1")
    private Target target;

    @ArgGroup(exclusive = false)
    private Alerting alerting;

    @Option(
        names = "--id",
        paramLabel = "ID",
        description =
            "The standing question's id, by which it is replaced or cancelled. Default: random")
    private String id;

    @Option(
        names = "--model",
        paramLabel = "NAME",
        description = "The model to ask. Default: the only one that is served",
        defaultValue = "")
    private String model;

    @Option(
        names = "--freshness",
        paramLabel = "TIME",
        description =
            "How old an answer may be, from the end of its window; windows that cannot be answered"
                + " in that time are skipped. 100ms to 1h. Default: 60s")
    private Duration freshness;

    @Option(
        names = "--report-skipped",
        description =
            "Publish an answer with status SKIPPED for each skipped window; else they are counted only.")
    private boolean reportSkipped;

    @Parameters(paramLabel = "TEXT", description = "The question; - reads standard input.")
    private String text;

    @Override
    public Integer call() throws IOException {
      StandingQuestion standing = standing();
      return new RecordPublication(bus, output)
          .run(
              Topics.STANDING_QUESTIONS,
              publisher -> publisher.publish(standing),
              standing,
              "standing question " + standing.getQuestionId());
    }

    private StandingQuestion standing() throws IOException {
      StandingQuestion.Builder standing =
          StandingQuestion.newBuilder()
              .setQuestionId(id == null ? UUID.randomUUID().toString() : id)
              .setText(QuestionText.of(text, System.in))
              .setModel(model)
              .setReportSkipped(reportSkipped);
      target.apply(standing);
      decoding.options().ifPresent(standing::setOptions);
      if (freshness != null) {
        standing.setFreshness(Times.proto(freshness));
      }
      if (alerting != null) {
        standing.setAlert(alerting.rule());
      }
      return standing.build();
    }
  }

  /** The options for the videos that are asked about. */
  private static final class Target {

    @Option(
        names = "--video",
        paramLabel = "ID",
        description = "The id of one live video, as ingest video printed it.")
    private String video;

    @Option(
        names = "--label",
        paramLabel = "NAME=VALUE",
        description =
            "All live videos with this label, also those that are ingested later; if it is"
                + " repeated, the videos with all of the labels.")
    private Map<String, String> labels = new LinkedHashMap<>();

    void apply(StandingQuestion.Builder standing) {
      if (video != null) {
        standing.setVideoId(video);
      } else {
        standing.setSelector(LabelSelector.newBuilder().putAllLabels(labels));
      }
    }
  }

  /** The options for when alerts are raised. */
  private static final class Alerting {

    @Option(
        names = "--alert",
        paramLabel = "REGEX",
        required = true,
        description =
            "Raise an alert, once in an episode, if this regular expression (RE2 syntax, upper and"
                + " lower case alike) is found in an answer.")
    private String matches;

    @Option(
        names = "--alert-windows",
        paramLabel = "N",
        description = "How many windows in a row must match. Default: 1")
    private int windows;

    @Option(
        names = "--hold-off",
        paramLabel = "TIME",
        description =
            "An episode ends when no window has matched for this time. Default: 0: the first"
                + " window that does not match ends it")
    private Duration holdOff;

    AlertRule rule() {
      AlertRule.Builder rule = AlertRule.newBuilder().setMatches(matches).setMinWindows(windows);
      if (holdOff != null) {
        rule.setHoldOff(Times.proto(holdOff));
      }
      return rule.build();
    }
  }

  /** {@code saccade standing list}. */
  @Command(name = "list", description = "Lists the standing questions that are active.")
  static final class ListAll implements Callable<Integer> {

    @Mixin private BusOptions bus;
    @Mixin private Output output;

    @Override
    public Integer call() {
      BusConfig config = bus.config();
      BusCheck.require(config, Topics.STANDING_QUESTIONS);
      StandingReader.current(config)
          .values()
          .forEach(standing -> output.print(standing, line(standing)));
      return ExitCode.OK;
    }

    private static String line(StandingQuestion standing) {
      String target =
          standing.hasVideoId()
              ? standing.getVideoId()
              : standing.getSelector().getLabelsMap().toString();
      String alert = standing.hasAlert() ? "  alert: " + standing.getAlert().getMatches() : "";
      return TerminalText.oneLine(
          String.join("  ", standing.getQuestionId(), target, standing.getText()) + alert);
    }
  }

  /** {@code saccade standing cancel}. */
  @Command(
      name = "cancel",
      description = "Cancels a standing question: no further windows are asked about.")
  static final class Cancel implements Callable<Integer> {

    @Mixin private BusOptions bus;
    @Mixin private Output output;

    @Parameters(paramLabel = "ID", description = "The standing question's id.")
    private String id;

    @Override
    public Integer call() {
      return new RecordPublication(bus, output)
          .run(
              Topics.STANDING_QUESTIONS,
              this::cancel,
              StandingQuestion.newBuilder().setQuestionId(id),
              "cancelled " + id);
    }

    private CompletableFuture<RecordMetadata> cancel(Publisher publisher) {
      if (!StandingReader.current(bus.config()).containsKey(id)) {
        throw new IngestException("no standing question " + TerminalText.oneLine(id));
      }
      return publisher.cancel(id);
    }
  }
}
