package io.saccade.cli.option;

import io.saccade.proto.Times;
import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a question is to be answered; what is not set here is the model's or the router's choice. */
public final class QuestionOptions {

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "How many frames the model sees. Default: the model's number.")
  private Integer frames;

  @Mixin private DecodingOptions decoding;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "Answer within this time or not at all. Default: the router's.")
  private Duration timeout;

  /**
   * Sets what was asked for.
   *
   * @param now what the deadline counts from
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
