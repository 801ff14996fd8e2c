package io.saccade.cli;

import io.saccade.proto.Times;
import io.saccade.proto.v1.DecodeMode;
import io.saccade.proto.v1.GenerationOptions;
import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a question is to be answered; what is not set here is the model's or the router's choice. */
final class QuestionOptions {

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "How many frames the model sees. Default: the model's number.")
  private Integer frames;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "The most tokens of the answer. Default: the model's.")
  private Integer maxTokens;

  @Option(
      names = "--decode-mode",
      paramLabel = "MODE",
      converter = ModeConverter.class,
      description =
          "prompt: only the prompt reads the slow tokens (default); all-text: generated tokens too.")
  private DecodeMode decodeMode;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "0 for the likeliest tokens, above it (to 10) random ones. Default: the model's.")
  private Float temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Draw from the likeliest tokens that together reach this probability. Default: the"
              + " model's.")
  private Float topP;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from so many of the likeliest tokens. Default: the model's.")
  private Integer topK;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "R",
      description = "Above 1, tokens that came before are less likely. Default: the model's.")
  private Float repetitionPenalty;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of random draws: the same seed gives the same answer. Default: 0.")
  private Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End the answer before this text; may be repeated, at most 8 times.")
  private List<String> stop = List.of();

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
  Question.Builder apply(Question.Builder question, Instant now) {
    if (frames != null) {
      question.setFrames(notNegative("--frames", frames));
    }
    if (timeout != null) {
      question.setDeadline(Times.proto(now.plus(timeout)));
    }
    GenerationOptions generation = generation();
    if (!generation.equals(GenerationOptions.getDefaultInstance())) {
      question.setOptions(generation);
    }
    return question;
  }

  private GenerationOptions generation() {
    GenerationOptions.Builder options = GenerationOptions.newBuilder().addAllStop(stop);
    set(maxTokens, tokens -> options.setMaxNewTokens(notNegative("--max-tokens", tokens)));
    set(decodeMode, options::setDecodeMode);
    set(temperature, options::setTemperature);
    set(topP, options::setTopP);
    set(topK, tokens -> options.setTopK(notNegative("--top-k", tokens)));
    set(repetitionPenalty, options::setRepetitionPenalty);
    set(seed, options::setSeed);
    return options.build();
  }

  private static <T> void set(T value, Consumer<T> field) {
    if (value != null) {
      field.accept(value);
    }
  }

  /** The record's field has no sign; whether the number suits the model, the router says. */
  private static int notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + "=" + value + ": must be at least 0");
    }
    return value;
  }

  /** Reads {@code prompt} and {@code all-text}. */
  static final class ModeConverter implements ITypeConverter<DecodeMode> {

    @Override
    public DecodeMode convert(String text) {
      return Arrays.stream(DecodeMode.values())
          .filter(mode -> mode != DecodeMode.DECODE_MODE_UNSPECIFIED && name(mode).equals(text))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "' is neither prompt nor all-text"));
    }
  }

  private static String name(DecodeMode mode) {
    return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
