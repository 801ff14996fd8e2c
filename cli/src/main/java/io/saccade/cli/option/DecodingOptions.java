package io.saccade.cli.option;

import io.saccade.proto.v1.DecodeMode;
import io.saccade.proto.v1.GenerationOptions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How an answer is to be generated; what is not set here is the model's choice. */
public final class DecodingOptions {

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

  /** What was asked for, if anything was. */
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

  private static <T> void set(T value, Consumer<T> field) {
    if (value != null) {
      field.accept(value);
    }
  }

  /** The record's field has no sign; whether the number suits the model, the router says. */
  static int notNegative(String name, int value) {
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
