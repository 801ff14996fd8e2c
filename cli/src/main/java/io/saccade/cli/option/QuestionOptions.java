package io.saccade.cli.option;

import io.saccade.proto.Times;
import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options for how a question is answered; without them the model's and the router's own
 * settings hold.
 */
public final class QuestionOptions {

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "How many frames the model gets. Default: the model's number")
  private Integer frames;

  @Mixin private DecodingOptions decoding;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "The question fails if it is not answered within this time. Default: the router's")
  private Duration timeout;

  /**
   * Sets the options that were given.
   *
   * @param now the time from which the deadline is counted
   * @return the same builder
   * @throws IllegalArgumentException if a number is negative
   */
  public Question.Builder apply(Question.Builder question, Instant now) {
    if (frames != null) {
      question.setFrames(DecodingOptions.notNegative("--frames", frames));
    }
    if (timeout != null) {
      question.setDeadline(Times.proto(now.plus(timeout)));
    }
    decoding.options().ifPresent(question::setOptions);
    return question;
  }
}
