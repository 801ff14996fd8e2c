package io.saccade.cli.option;

import io.saccade.proto.v1.DecodeMode;
import io.saccade.proto.v1.GenerationOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options for how an answer is generated; the model's own settings hold for the others. */
public final class DecodingOptions {

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "The most tokens of the answer. Default: the model's")
  private Integer maxTokens;

  @Option(
      names = "--decode-mode",
      paramLabel = "MODE",
      converter = ModeConverter.class,
      description =
          "Which text attends to the slow tokens. prompt: the prompt only (default); all-text: the"
              + " generated tokens, too.")
  private DecodeMode decodeMode;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "0: always the most likely token; above 0, to 10: tokens are drawn at random. Default: the"
              + " model's")
  private Float temperature;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Draw from the most likely tokens that together reach this probability. Default: the"
              + " model's")
  private Float topP;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K most likely tokens. Default: the model's")
  private Integer topK;

  @Option(
      names = "--repetition-penalty",
      paramLabel = "R",
      description = "Above 1, tokens that came before become less likely. Default: the model's")
  private Float repetitionPenalty;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the random draws; the same seed gives the same answer. Default: 0")
  private Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End the answer before this text; may be repeated, at most 8 times.")
  private List<String> stop = List.of();

  /**
   * The options that were given; empty if none was.
   *
   * @throws IllegalArgumentException if a number is negative
   */
  public Optional<GenerationOptions> options() {
    GenerationOptions.Builder options = GenerationOptions.newBuilder().addAllStop(stop);
    set(maxTokens, tokens -> options.setMaxNewTokens(notNegative("--max-tokens", tokens)));
    set(decodeMode, options::setDecodeMode);
    set(temperature, options::setTemperature);
    set(topP, options::setTopP);
    set(topK, tokens -> options.setTopK(notNegative("--top-k", tokens)));
    set(repetitionPenalty, options::setRepetitionPenalty);
    set(seed, options::setSeed);
    GenerationOptions asked = options.build();
    return asked.equals(GenerationOptions.getDefaultInstance())
        ? Optional.empty()
        : Optional.of(asked);
  }

  private static <T> void set(@Nullable T value, Consumer<T> field) {
    if (value != null) {
      field.accept(value);
    }
  }

  /** Checks a number for an unsigned field of a record; the router checks its upper bound. */
  static int notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + "=" + value + ": must be at least 0");
    }
    return value;
  }

  /** Parses {@code prompt} and {@code all-text}. */
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
