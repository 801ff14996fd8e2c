package io.saccade.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplingPolicyTest {

  @Test
  void uniformIndicesAreThoseOfNumpy() {
    assertThat(uniform(60, 8)).containsExactly(0, 8, 16, 25, 33, 42, 50, 59);
    assertThat(uniform(3, 8)).containsExactly(0, 0, 0, 0, 1, 1, 1, 2);
    assertThat(uniform(1, 4)).containsExactly(0, 0, 0, 0);
    assertThat(uniform(90, 1)).containsExactly(0);
  }

  @Test
  void candidatesByRateAreThinnedToN() {
    SamplingPolicy policy = new SamplingPolicy.Fps(2);
    assertThat(policy.indices(60, 30, 8)).containsExactly(0, 15, 30, 45);
    assertThat(policy.indices(60, 30, 3)).containsExactly(0, 30, 45);
    assertThat(policy.indices(3, 1, 8)).containsExactly(0, 1, 2);
  }

  @Test
  void framesByRateGiveWayToUniformOnes() {
    SamplingPolicy policy = new SamplingPolicy.FpsFirst(1);
    assertThat(policy.indices(90, 30, 8)).containsExactly(0, 30, 60);
    assertThat(policy.indices(90, 30, 2)).containsExactly(0, 89);
  }

  @Test
  void equalsTheReferenceCases() throws IOException {
    for (JsonElement element : reference().getAsJsonArray("cases")) {
      JsonObject one = element.getAsJsonObject();
      int frames = one.get("total_frames").getAsInt();
      if (frames > 0) {
        SamplingPolicy policy = new SamplingPolicy.Fps(one.get("target_fps").getAsDouble());
        int[] indices =
            policy.indices(
                frames, rate(one.get("fps").getAsString()), one.get("num_frm").getAsInt());
        boolean corrected = one.has("lmms_eval_indices");
        assertThat(indices)
            .as(one::toString)
            .containsExactly(numbers(one, corrected ? "lmms_eval_indices" : "indices"));
      }
    }
  }

  @Test
  void equalsTheReferenceLinspace() throws IOException {
    for (JsonElement element : reference().getAsJsonArray("linspace")) {
      JsonObject one = element.getAsJsonObject();
      assertThat(uniform(one.get("n").getAsInt(), one.get("N").getAsInt()))
          .as(one::toString)
          .containsExactly(numbers(one, "indices"));
    }
  }

  private static JsonObject reference() throws IOException {
    Path file = SharedMaterial.folder("vectors").resolve("sampling/shi_frame_indices.json");
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform", "fps:2.0", "fps-first:0.5"})
  void isWrittenAsText(String text) {
    assertThat(SamplingPolicy.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Uniform", "fps", "fps:", "fps:0", "fps:-1", "fps:1e9", "fps:NaN"})
  void refusesOtherText(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> SamplingPolicy.parse(text));
  }

  private static int[] uniform(int frameCount, int wanted) {
    return SamplingPolicy.UNIFORM.indices(frameCount, 25, wanted);
  }

  private static double rate(String text) {
    String[] parts = text.split("/", -1);
    double numerator = Double.parseDouble(parts[0]);
    return parts.length == 1 ? numerator : numerator / Double.parseDouble(parts[1]);
  }

  private static int[] numbers(JsonObject one, String key) {
    return StreamSupport.stream(one.getAsJsonArray(key).spliterator(), false)
        .mapToInt(JsonElement::getAsInt)
        .toArray();
  }
}
