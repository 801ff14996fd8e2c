package io.saccade.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationOptionsTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0, 1, 0, 1, maxNewTokens",
    "1, -0.1, 1, 0, 1, temperature",
    "1, NaN, 1, 0, 1, temperature",
    "1, 0, 0, 0, 1, topP",
    "1, 0, 1.01, 0, 1, topP",
    "1, 0, NaN, 0, 1, topP",
    "1, 0, 1, -1, 1, topK",
    "1, 0, 1, 0, 0, repetitionPenalty",
    "1, 0, 1, 0, Infinity, repetitionPenalty",
  })
  void refusesValuesOutOfRange(
      int maxNewTokens, double temperature, double topP, int topK, double penalty, String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new GenerationOptions(
                    DecodeMode.PROMPT,
                    OptionalInt.of(maxNewTokens),
                    OptionalDouble.of(temperature),
                    OptionalDouble.of(topP),
                    OptionalInt.of(topK),
                    OptionalDouble.of(penalty),
                    OptionalLong.empty(),
                    List.of()))
        .withMessageStartingWith(name + " is ")
        .withMessageContaining("needed");
  }

  @Test
  void changesOneThing() {
    GenerationOptions options =
        GenerationOptions.defaults()
            .withDecodeMode(DecodeMode.ALL_TEXT)
            .withMaxNewTokens(3)
            .withTemperature(0.5)
            .withSeed(9);
    assertThat(options)
        .isEqualTo(
            new GenerationOptions(
                DecodeMode.ALL_TEXT,
                OptionalInt.of(3),
                OptionalDouble.of(0.5),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                OptionalDouble.empty(),
                OptionalLong.of(9),
                List.of()));
  }
}
