package io.saccade.model.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What {@code generation_config.json} says of decoding.
 *
 * @param endIds ids that end an answer
 * @param sample whether tokens are drawn at random where a request does not say
 * @param temperature temperature of those draws
 * @param topP probability kept, 1 for all
 * @param topK tokens kept, 0 for all
 * @param repetitionPenalty penalty of repeated tokens, 1 for none
 * @param maxNewTokens tokens generated at most where a request does not say
 */
public record GenerationConfig(
    Set<Long> endIds,
    boolean sample,
    double temperature,
    double topP,
    int topK,
    double repetitionPenalty,
    OptionalInt maxNewTokens) {
  public static final String FILE = "generation_config.json";
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_ID = 1 << 24;

  /**
   * Reads a folder's file; a folder without one means greedy decoding up to the given end.
   *
   * @param turnEnd the id that ends an answer where the file names none
   */
  public static GenerationConfig read(Path folder, long turnEnd) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return new GenerationConfig(Set.of(turnEnd), false, 1, 1, 0, 1, OptionalInt.empty());
    }
    JsonConfig config = JsonConfig.read(file, MAX_BYTES);
    List<Integer> ends = config.oneOrMoreIntegers("eos_token_id", 0, MAX_ID);
    return new GenerationConfig(
        ends.isEmpty()
            ? Set.of(turnEnd)
            : Set.copyOf(ends.stream().map(Integer::longValue).toList()),
        config.flag("do_sample"),
        config.optionalNumber("temperature", 0, 100).orElse(1.0),
        config.optionalNumber("top_p", 1e-6, 1).orElse(1.0),
        config.optionalInteger("top_k", 0, MAX_ID).orElse(0),
        positive(config.optionalNumber("repetition_penalty", 0, 100)),
        config.optionalInteger("max_new_tokens", 1, MAX_ID));
  }

  private static double positive(Optional<Double> penalty) {
    return penalty.filter(value -> value > 0).orElse(1.0);
  }

  /** What a request and this file come to together. */
  public Sampling sampling(GenerationOptions options) {
    double ownTemperature = sample ? temperature : 0;
    return new Sampling(
        options.temperature().orElse(ownTemperature),
        options.topK().orElse(topK),
        options.topP().orElse(topP),
        options.repetitionPenalty().orElse(repetitionPenalty));
  }
}
