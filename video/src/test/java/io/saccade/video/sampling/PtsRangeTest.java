package io.saccade.video.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PtsRangeTest {
  private static final SampleSpec SPEC = SampleSpec.uniform(8, 64, ResizeRule.SQUASH);

  @Test
  void aRangeIsHalfOpen() {
    PtsRange range =
        PtsRange.of(SPEC.within(Optional.of(Duration.ofSeconds(-1)), Optional.of(Duration.ZERO)));
    assertThat(range.contains(-1_000_000_000)).isTrue();
    assertThat(range.contains(-1)).isTrue();
    assertThat(range.contains(0)).isFalse();
    assertThat(range.contains(-1_000_000_001)).isFalse();
  }

  @Test
  void anAbsentOrDistantEndIsOpen() {
    assertThat(PtsRange.of(SPEC).contains(Long.MIN_VALUE)).isTrue();
    Optional<Duration> ages = Optional.of(Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(PtsRange.of(SPEC.within(Optional.empty(), ages)).contains(1)).isTrue();
  }
}
