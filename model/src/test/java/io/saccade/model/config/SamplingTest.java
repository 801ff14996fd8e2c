package io.saccade.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.saccade.model.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplingTest {
  private static final float[] LOGITS = {0.5f, 2, -1, 1.9f};

  static Stream<JsonElement> references() throws IOException {
    String json = Files.readString(TestData.resource("sampling_probabilities.json"));
    return JsonParser.parseString(json).getAsJsonArray().asList().stream();
  }

  @ParameterizedTest
  @MethodSource("references")
  void agreesWithTheTransformersLibrary(JsonElement element) {
    JsonObject reference = element.getAsJsonObject();
    JsonArray logits = reference.getAsJsonArray("logits");
    float[] values = new float[logits.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = logits.get(i).getAsFloat();
    }
    List<Long> previous = new ArrayList<>();
    reference.getAsJsonArray("previous_ids").forEach(id -> previous.add(id.getAsLong()));
    Sampling sampling =
        new Sampling(
            reference.get("temperature").getAsDouble(),
            reference.get("top_k").getAsInt(),
            reference.get("top_p").getAsDouble(),
            reference.get("repetition_penalty").getAsDouble());

    double[] probabilities = sampling.probabilities(values, previous);

    JsonArray expected = reference.getAsJsonArray("probabilities");
    assertThat(probabilities).hasSize(expected.size());
    for (int i = 0; i < probabilities.length; i++) {
      assertThat(probabilities[i]).isCloseTo(expected.get(i).getAsDouble(), within(1e-6));
    }
  }

  @Test
  void greedyTakesTheLargest() {
    assertThat(greedy(1).next(LOGITS, List.of(), new SplittableRandom(0))).isEqualTo(1);
  }

  @Test
  void penalisesWhatWasGeneratedOnceForEachToken() {
    assertThat(greedy(1.2).next(LOGITS, List.of(1L, 1L), new SplittableRandom(0))).isEqualTo(3);
    float[] negative = {-1, -1.1f};
    assertThat(greedy(1.2).next(negative, List.of(0L), new SplittableRandom(0))).isEqualTo(1);
  }

  @Test
  void drawsByProbability() {
    Sampling sampling = new Sampling(1, 0, 1, 1);
    double[] probabilities = sampling.probabilities(LOGITS, List.of());
    SplittableRandom random = new SplittableRandom(3);
    int[] counts = new int[LOGITS.length];
    for (int i = 0; i < 20_000; i++) {
      counts[sampling.next(LOGITS, List.of(), random)]++;
    }
    for (int i = 0; i < counts.length; i++) {
      assertThat(counts[i] / 20_000.0).isCloseTo(probabilities[i], within(0.015));
    }
  }

  @Test
  void topPKeepsAtLeastOneToken() {
    assertThat(new Sampling(1, 0, 1e-6, 1).probabilities(LOGITS, List.of()))
        .containsExactly(0, 1, 0, 0);
  }

  @Test
  void topKKeepsTies() {
    float[] tied = {1, 1, 0};
    assertThat(new Sampling(1, 1, 1, 1).probabilities(tied, List.of())).containsExactly(.5, .5, 0);
  }

  private static Sampling greedy(double penalty) {
    return new Sampling(0, 0, 1, penalty);
  }
}
