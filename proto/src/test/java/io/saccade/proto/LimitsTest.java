package io.saccade.proto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LimitsTest {

  private static final String EYE = "\uD83D\uDC41";

  @Test
  void surrogatePairIsOneCharacter() {
    assertThat(Limits.characters("a" + EYE)).isEqualTo(2);
    assertThat(Limits.isId(EYE.repeat(200))).isTrue();
    assertThat(Limits.isId(EYE.repeat(201))).isFalse();
    assertThat(Limits.isId(" ")).isFalse();
    assertThat(Limits.isStandingId(EYE.repeat(160))).isTrue();
    assertThat(Limits.isStandingId("s".repeat(161))).isFalse();
  }

  @Test
  void theNameAndTheValueOfALabelAreLimitedEach() {
    String most = "x".repeat(200);
    assertThat(Limits.areLabels(Map.of(most, most))).isTrue();
    assertThat(Limits.areLabels(Map.of(most + "x", ""))).isFalse();
    assertThat(Limits.areLabels(Map.of("site", most + "x"))).isFalse();
  }

  @Test
  void endsOfRangesAreWithin() {
    assertThat(Limits.isFreshness(Durations.fromMillis(100))).isTrue();
    assertThat(Limits.isFreshness(Durations.fromMillis(99))).isFalse();
    assertThat(Limits.isFreshness(Durations.fromHours(1))).isTrue();
    assertThat(Limits.isFreshness(Durations.fromSeconds(3_601))).isFalse();
    assertThat(Limits.isHoldOff(Durations.ZERO)).isTrue();
    assertThat(Limits.isHoldOff(Durations.fromNanos(-1))).isFalse();
    assertThat(Limits.isHoldOff(Durations.fromDays(1))).isTrue();
    assertThat(Limits.isHoldOff(Duration.newBuilder().setSeconds(1).setNanos(-1).build()))
        .isFalse();
    assertThat(Limits.isMinWindows(1_000)).isTrue();
    assertThat(Limits.isMinWindows(-1)).isFalse();
  }

  @Test
  void windowsIdsEndInAClips() {
    String clip = "0123456789abcdef".repeat(2);
    assertThat(Limits.isWindowId("s#" + clip)).isTrue();
    assertThat(Limits.isWindowId("s#" + clip + "0")).isFalse();
  }
}
