package io.saccade.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.LiveTimes;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CadenceTest {

  @ParameterizedTest
  @CsvSource({
    "10000, 10000, 8, 1250, 8",
    "10000, 5000, 8, 1250, 4",
    "10000, 100, 8, 1250, 1", // at least one step
    "10000, 4300, 8, 1250, 3", // 3.44 steps
    "10000, 4400, 8, 1250, 4", // 3.52 steps
    "10000, 3600000, 8, 1250, 2880",
    "500, 500, 4096, 1, 500" // no finer than a reader looks
  })
  void uniformFramesSpreadOverTheWindow(
      long window, long hop, int frames, long step, int hopSteps) {
    Cadence cadence = Cadence.of(times(window, hop), profile(frames, 0));

    assertThat(cadence.stepTime()).isEqualTo(Duration.ofMillis(step));
    assertThat(cadence.hop()).isEqualTo(hopSteps);
    assertThat(cadence.ticks()).isEqualTo((int) Math.min(frames, window / step));
    assertThat(cadence.length()).isEqualTo(Duration.ofMillis(window).toNanos());
  }

  @ParameterizedTest
  @CsvSource({
    "10000, 2, 64, 500, 20",
    "10000, 2, 8, 1250, 8", // at most N a window
    "10200, 2, 64, 500, 21",
    "10000, 0.01, 8, 10000, 1" // at least one a window
  })
  void aRateGivesItsFrames(long window, double rate, int frames, long step, int ticks) {
    Cadence cadence = Cadence.of(times(window, window), profile(frames, rate));

    assertThat(cadence.stepTime()).isEqualTo(Duration.ofMillis(step));
    assertThat(cadence.ticks()).isEqualTo(ticks);
  }

  @Test
  void windowsOfAMoment() {
    Cadence overlapping = new Cadence(1_000, 10, 5, 10_000);

    assertThat(overlapping.lastBegun(4_999)).isZero();
    assertThat(overlapping.lastBegun(5_000)).isEqualTo(1);
    assertThat(overlapping.firstOpen(9_999)).isZero();
    assertThat(overlapping.firstOpen(10_000)).isEqualTo(1);
    assertThat(overlapping.firstOpen(14_999)).isEqualTo(1);
    assertThat(overlapping.firstOpen(15_000)).isEqualTo(2);
    assertThat(overlapping.begin(3)).isEqualTo(15_000);
    assertThat(overlapping.end(3)).isEqualTo(25_000);
  }

  private static LiveTimes times(long window, long hop) {
    return new LiveTimes(Duration.ofMillis(window), Duration.ofMillis(hop));
  }

  private static SamplingProfile profile(int frames, double rate) {
    return SamplingProfile.newBuilder()
        .setFrames(frames)
        .setRate(rate)
        .setPolicy(rate == 0 ? SamplingPolicy.UNIFORM : SamplingPolicy.FPS)
        .build();
  }
}
