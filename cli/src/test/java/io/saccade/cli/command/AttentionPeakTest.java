package io.saccade.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.Times;
import io.saccade.proto.v1.LookedAt;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LookedMostTest {

  @Test
  void theShortestStretchWithHalfOfTheAttentionIsNamed() {
    assertThat(looked(0.05, 0.05, 0.05, 0.3, 0.32, 0.05, 0.05, 0.05, 0.08))
        .contains("looked most at 1.5 s to 2.0 s (62 %)");
    assertThat(looked(0.1, 0.1, 0.7, 0.1)).contains("looked most at 1.0 s (70 %)");
  }

  @Test
  void aGlanceAtEverythingIsNotWorthALine() {
    assertThat(looked(0.25, 0.25, 0.25, 0.25)).isEmpty();
    assertThat(looked(0.3, 0.1, 0.1, 0.1, 0.1, 0.3)).isEmpty();
    assertThat(looked(1)).isEmpty();
    assertThat(looked()).isEmpty();
  }

  /** A frame each half second. */
  private static Optional<String> looked(double... shares) {
    List<LookedAt> moments =
        IntStream.range(0, shares.length)
            .mapToObj(
                i ->
                    LookedAt.newBuilder()
                        .setPts(Times.proto(Duration.ofMillis(500L * i)))
                        .setShare((float) shares[i])
                        .build())
            .toList();
    return AttentionPeak.of(moments);
  }
}
