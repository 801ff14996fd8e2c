package io.saccade.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FastPathwayTest {

  @ParameterizedTest
  @CsvSource({
    // frames, s, t, m, fast frames: the released models first
    "64, 1, 4, 16, 16",
    "96, 1, 6, 16, 16",
    "128, 2, 4, 16, 16",
    "16, 1, 4, 1, 4",
    "9, 1, 4, 2, 2",
    "3, 1, 4, 2, 2",
    "1, 1, 4, 2, 1",
    "1, 2, 4, 2, 1",
    "5, 2, 4, 2, 2",
    "12, 1, 1, 16, 12",
    "4096, 1, 4, 16, 1024",
  })
  void reducesFrames(int frames, int s, int t, int m, int fastFrames) {
    double[] windows = new FastPathway(s, t, 1, m).windows(frames);

    assertThat(windows).hasSize(fastFrames * frames);
    for (int row = 0; row < fastFrames; row++) {
      double sum = 0;
      for (int i = 0; i < frames; i++) {
        sum += windows[row * frames + i];
      }
      assertThat(sum).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void averagesGroupsAndDropsTheRemainder() {
    assertThat(new FastPathway(1, 2, 1, 2).windows(5))
        .containsExactly(.5, .5, 0, 0, 0, 0, 0, .5, .5, 0);
  }

  @Test
  void averagesAdaptivelyBelowTheMinimum() {
    assertThat(new FastPathway(1, 4, 1, 2).windows(3)).containsExactly(.5, .5, 0, 0, .5, .5);
  }

  @Test
  void looksAtEveryFrameWithoutTemporalSampling() {
    assertThat(new FastPathway(1, 4, 1, 16).frames(4)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void samplesFramesEvenly() {
    assertThat(new FastPathway(2, 4, 1, 2).frames(5)).containsExactly(0, 2);
    assertThat(new FastPathway(3, 1, 1, 4).frames(10)).containsExactly(0, 2, 5, 7);
    assertThat(new FastPathway(2, 4, 1, 8).frames(7)).isEqualTo(List.of(0, 1, 2, 3, 4, 5, 6));
  }

  @Test
  void keepsAnImageWhole() {
    FastPathway pathway = new FastPathway(1, 4, 3, 1);
    assertThat(pathway.spatialStride(1)).isOne();
    assertThat(pathway.spatialStride(2)).isEqualTo(3);
  }

  @Test
  void refusesWhatIsNotPositive() {
    assertThatIllegalArgumentException().isThrownBy(() -> new FastPathway(1, 0, 1, 1));
  }
}
