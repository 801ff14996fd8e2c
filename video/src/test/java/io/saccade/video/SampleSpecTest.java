package io.saccade.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.saccade.video.sampling.PtsRange;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleSpecTest {
  private static final SampleSpec SPEC = SampleSpec.uniform(8, 64, ResizeRule.SQUASH);

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 4097})
  void boundsTheFrames(int frames) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleSpec.uniform(frames, 64, ResizeRule.SQUASH))
        .withMessage("frames = %d is not within 1 to 4096", frames);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 2049})
  void boundsTheImageSize(int size) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SampleSpec.uniform(8, size, ResizeRule.SQUASH))
        .withMessage("imageSize = %d is not within 16 to 2048", size);
  }

  @Test
  void aRangeIsNotEmpty() {
    Optional<Duration> second = Optional.of(Duration.ofSeconds(1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SPEC.within(second, second))
        .withMessageContaining("from = PT1S is not before to = PT1S");
  }

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
