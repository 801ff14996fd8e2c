package io.saccade.sampler.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.proto.Times;
import io.saccade.proto.v1.ResizeRule;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.video.SampleSpec;
import io.saccade.video.SamplingPolicy.Fps;
import io.saccade.video.SamplingPolicy.FpsFirst;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleSpecsTest {

  private static final SamplingProfile PROFILE =
      SamplingProfile.newBuilder()
          .setFrames(8)
          .setImageSize(96)
          .setResize(ResizeRule.SQUASH)
          .setPolicy(SamplingPolicy.UNIFORM)
          .setFastStride(1)
          .setMinFastFrames(1)
          .build();

  @Test
  void aRequestBecomesASpec() throws BadRequestException {
    SamplingRequest request =
        SamplingRequest.newBuilder()
            .setProfile(PROFILE)
            .setRange(TimeRange.newBuilder().setFrom(Times.proto(Duration.ofSeconds(3))))
            .build();

    SampleSpec spec = SampleSpecs.spec(request);

    assertThat(spec.frames()).isEqualTo(8);
    assertThat(spec.imageSize()).isEqualTo(96);
    assertThat(spec.resize()).isEqualTo(io.saccade.video.ResizeRule.SQUASH);
    assertThat(spec.policy()).isEqualTo(io.saccade.video.SamplingPolicy.UNIFORM);
    assertThat(spec.from()).contains(Duration.ofSeconds(3));
    assertThat(spec.to()).isEmpty();
  }

  @Test
  void everyPolicyIsKnownWithItsRate() throws BadRequestException {
    assertThat(spec(profile -> profile.setPolicy(SamplingPolicy.FPS).setRate(2)).policy())
        .isEqualTo(new Fps(2));
    assertThat(spec(profile -> profile.setPolicy(SamplingPolicy.FPS_FIRST).setRate(0.5)).policy())
        .isEqualTo(new FpsFirst(0.5));
  }

  @ParameterizedTest
  @ValueSource(strings = {"uniform", "fps:2", "fps-first:0.25"})
  void whatAModelAnnouncesIsWhatIsSampled(String text) throws BadRequestException {
    io.saccade.video.SamplingPolicy policy = io.saccade.video.SamplingPolicy.parse(text);

    SampleSpec spec =
        spec(profile -> profile.setPolicy(Policies.name(policy)).setRate(Policies.rate(policy)));

    assertThat(spec.policy()).isEqualTo(policy);
  }

  @Test
  void whatCannotBeSampledIsSaidInOneSentence() {
    assertBad(profile -> profile.setPolicyValue(9), "profile.policy=9");
    assertBad(profile -> profile.clearPolicy(), "profile.policy=0");
    assertBad(profile -> profile.clearResize(), "profile.resize=0");
    assertBad(profile -> profile.setResizeValue(7), "profile.resize=7");
    assertBad(profile -> profile.setFrames(0), "frames = 0");
    assertBad(profile -> profile.setFrames(-1), "frames = -1");
    assertBad(profile -> profile.setImageSize(1 << 20), "imageSize");
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertBad(profile -> profile.setPolicy(SamplingPolicy.FPS).setRate(rate), "fps");
      assertBad(profile -> profile.setPolicy(SamplingPolicy.FPS_FIRST).setRate(rate), "fps");
    }
  }

  private static void assertBad(UnaryOperator<SamplingProfile.Builder> change, String names) {
    assertThatThrownBy(() -> spec(change))
        .isInstanceOf(BadRequestException.class)
        .message()
        .contains(names)
        .doesNotContain("\n");
  }

  private static SampleSpec spec(UnaryOperator<SamplingProfile.Builder> change)
      throws BadRequestException {
    return SampleSpecs.spec(
        SamplingRequest.newBuilder().setProfile(change.apply(PROFILE.toBuilder())).build());
  }
}
