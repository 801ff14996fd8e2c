package io.saccade.video;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
}
