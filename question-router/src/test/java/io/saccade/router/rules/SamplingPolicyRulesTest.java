package io.saccade.router.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.router.streams.Samples;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The rules of each sampling policy for model cards and manifests. */
final class SamplingPolicyRulesTest {

  @ParameterizedTest
  @CsvSource({
    "UNIFORM, 0, true",
    "UNIFORM, 1, false",
    "UNIFORM, NaN, false",
    "FPS, 2, true",
    "FPS, 10000, true",
    "FPS, 0, false",
    "FPS, -1, false",
    "FPS, 10001, false",
    "FPS, NaN, false",
    "FPS, Infinity, false",
    "FPS_FIRST, 0.1, true",
    "FPS_FIRST, 0, false",
  })
  void aCardHasTheRateOfItsPolicy(SamplingPolicy policy, double rate, boolean good) {
    ModelCard.Builder card = Samples.model("m").toBuilder();
    card.getProfileBuilder().setPolicy(policy).setRate(rate);

    Optional<String> problem = ModelRules.problem("m", card.build());

    assertThat(problem.isEmpty()).isEqualTo(good);
    problem.ifPresent(sentence -> assertThat(sentence).contains("profile.rate"));
  }

  @ParameterizedTest
  @EnumSource(
      value = SamplingPolicy.class,
      names = {"UNIFORM", "FPS", "FPS_FIRST"})
  void onlyAPolicyByRateGivesFewerFramesThanAsked(SamplingPolicy policy) {
    boolean byRate = policy != SamplingPolicy.UNIFORM;

    assertThat(problem(policy, 4)).isEmpty();
    assertThat(problem(policy, 3).isEmpty()).isEqualTo(byRate);
    assertThat(problem(policy, 1).isEmpty()).isEqualTo(byRate);
    assertThat(problem(policy, 0)).isPresent();
    assertThat(problem(policy, 5)).isPresent();
  }

  /** A manifest with this number of frames whose profile names 4. */
  private static Optional<String> problem(SamplingPolicy policy, int frames) {
    SamplingRequest.Builder request =
        SamplingRequest.newBuilder().setClipId("c".repeat(32)).setVideoId("v").setAttempt(1);
    request.getProfileBuilder().setPolicy(policy).setFrames(frames);
    ClipManifest.Builder manifest = Samples.manifest(request.build(), 0).toBuilder();
    manifest.getProfileBuilder().setFrames(4);
    return ManifestRules.problem(manifest.build(), 0);
  }
}
