package io.saccade.model.config;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How to generate an answer. What is absent is taken from the checkpoint's {@code
 * generation_config.json}; what that leaves open is greedy decoding.
 *
 * @param decodeMode which tokens read the slow tokens
 * @param maxNewTokens tokens generated at most, from 1; the model has a default and a limit
 * @param temperature 0 for greedy decoding, up to 100; above 0 tokens are drawn at random
 * @param topP keep the likeliest tokens that together reach this probability, above 0 to 1; 1 keeps
 *     all
 * @param topK keep so many of the likeliest tokens; 0 keeps all
 * @param repetitionPenalty divides (where negative multiplies) the logits of tokens generated
 *     before, above 0 to 100; 1 changes nothing. It holds for greedy decoding too
 * @param seed of the random draws; absent means 0, so that a question asked again gets the same
 *     answer
 * @param stop at most 8 strings of 1 to 64 characters; the answer ends before the first that
 *     appears in it
 */
public record GenerationOptions(
    DecodeMode decodeMode,
    OptionalInt maxNewTokens,
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalInt topK,
    OptionalDouble repetitionPenalty,
    OptionalLong seed,
    List<String> stop) {
  private static final int MAX_STOPS = 8;
  private static final int MAX_STOP_LENGTH = 64;

  /** Checks the values that are there. */
  public GenerationOptions {
    require(maxNewTokens.orElse(1) >= 1, "maxNewTokens", maxNewTokens, "at least 1");
    require(within(temperature.orElse(0), 0, 100), "temperature", temperature, "0 to 100");
    require(topP.orElse(1) > 0 && topP.orElse(1) <= 1, "topP", topP, "above 0 to 1");
    require(topK.orElse(0) >= 0, "topK", topK, "at least 0");
    double penalty = repetitionPenalty.orElse(1);
    require(
        penalty > 0 && penalty <= 100, "repetitionPenalty", repetitionPenalty, "above 0 to 100");
    stop = List.copyOf(stop);
    require(stop.size() <= MAX_STOPS, "stop", stop.size() + " strings", "at most " + MAX_STOPS);
    for (String text : stop) {
      int length = text.codePointCount(0, text.length());
      require(
          length >= 1 && length <= MAX_STOP_LENGTH,
          "stop",
          "a string of " + length + " characters",
          "1 to " + MAX_STOP_LENGTH);
    }
  }

  /** Everything as the checkpoint has it, decode mode {@link DecodeMode#PROMPT}. */
  public static GenerationOptions defaults() {
    return new GenerationOptions(
        DecodeMode.PROMPT,
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        List.of());
  }

  /** These options with another decode mode. */
  public GenerationOptions withDecodeMode(DecodeMode mode) {
    return new GenerationOptions(
        mode, maxNewTokens, temperature, topP, topK, repetitionPenalty, seed, stop);
  }

  /** These options with another limit of new tokens. */
  public GenerationOptions withMaxNewTokens(int tokens) {
    return new GenerationOptions(
        decodeMode, OptionalInt.of(tokens), temperature, topP, topK, repetitionPenalty, seed, stop);
  }

  /** These options with another temperature. */
  public GenerationOptions withTemperature(double newTemperature) {
    return new GenerationOptions(
        decodeMode,
        maxNewTokens,
        OptionalDouble.of(newTemperature),
        topP,
        topK,
        repetitionPenalty,
        seed,
        stop);
  }

  /** These options with another seed. */
  public GenerationOptions withSeed(long newSeed) {
    return new GenerationOptions(
        decodeMode,
        maxNewTokens,
        temperature,
        topP,
        topK,
        repetitionPenalty,
        OptionalLong.of(newSeed),
        stop);
  }

  /** These options with other strings that end an answer. */
  public GenerationOptions withStop(List<String> newStop) {
    return new GenerationOptions(
        decodeMode, maxNewTokens, temperature, topP, topK, repetitionPenalty, seed, newStop);
  }

  private static boolean within(double value, double min, double max) {
    return value >= min && value <= max;
  }

  private static void require(boolean rule, String name, Object value, String needed) {
    if (!rule) {
      throw new IllegalArgumentException(
          "%s is %s, and %s is needed".formatted(name, value, needed));
    }
  }
}
