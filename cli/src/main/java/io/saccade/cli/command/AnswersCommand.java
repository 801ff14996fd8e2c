package io.saccade.cli.command;

import io.saccade.bus.BusConfig;
import io.saccade.cli.local.ExitCode;
import io.saccade.cli.option.BusOptions;
import io.saccade.cli.option.Output;
import io.saccade.cli.option.TerminalText;
import io.saccade.ingest.AnswerReader;
import io.saccade.ingest.BusCheck;
import io.saccade.ingest.IngestException;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code saccade answers}: prints the records of the answers topic. */
@Command(
    name = "answers",
    description = {
      "Prints the answers that are in the log.",
      "With --question: exits with 1 if one of the questions has no answer or a FAILED one."
    })
public final class AnswersCommand implements Callable<Integer> {

  @Mixin private BusOptions bus;
  @Mixin private Output output;

  @Option(
      names = "--follow",
      description =
          "Continue with new answers as they arrive; ends with Ctrl-C, or when all of --question are"
              + " answered.")
  private boolean follow;

  @Option(
      names = "--question",
      paramLabel = "ID",
      description = "Only the answer to this question; may be repeated.")
  private final Set<String> questions = new HashSet<>();

  private final Set<String> open = new HashSet<>();
  private boolean failed;

  @Override
  public Integer call() {
    BusConfig config = bus.config();
    BusCheck.require(config, Topics.ANSWERS);
    open.addAll(questions);
    try (AnswerReader reader = AnswerReader.fromStart(config)) {
      if (follow) {
        reader.follow(this::printAndContinue);
      } else {
        reader.readToEnd(this::printAndContinue);
      }
    }
    if (!open.isEmpty()) {
      throw new IngestException("no answer yet to " + String.join(", ", open));
    }
    return !questions.isEmpty() && failed ? ExitCode.FAILED : ExitCode.OK;
  }

  private boolean printAndContinue(Answer answer) {
    if (questions.isEmpty() || open.remove(answer.getQuestionId())) {
      failed |= answer.getStatus() != AnswerStatus.OK;
      output.print(answer, line(answer));
    }
    return questions.isEmpty() || !open.isEmpty();
  }

  private static String line(Answer answer) {
    String outcome =
        switch (answer.getStatus()) {
          case OK -> answer.getText();
          case SKIPPED -> "SKIPPED";
          default ->
              "FAILED " + answer.getFailure().getCode() + ": " + answer.getFailure().getMessage();
        };
    return String.format(
        "%s  %s  %s  %s",
        answer.getVideoId(),
        answer.getQuestionId(),
        TerminalText.oneLine(answer.getQuestion()),
        TerminalText.oneLine(outcome));
  }
}
