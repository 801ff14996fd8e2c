package io.saccade.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  /** Draws the largest number allowed. */
  private static final RandomGenerator MOST =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          return 0;
        }

        @Override
        public long nextLong(long bound) {
          return bound - 1;
        }
      };

  @Test
  void theBoundDoublesUpToTheLongest() {
    Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), MOST);

    assertThat(LongStream.range(0, 8).mapToObj(i -> backoff.next().toMillis()))
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L);
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(30));
    }
  }

  @Test
  void aResetBeginsAnew() {
    Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), MOST);
    backoff.next();
    backoff.next();
    backoff.reset();

    assertThat(backoff.next()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void pausesAreAnywhereBelowTheBound() {
    Random random = new Random(1);
    long below = 0;
    for (int i = 0; i < 1_000; i++) {
      Duration pause = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), random).next();
      assertThat(pause).isBetween(Duration.ZERO, Duration.ofMillis(500));
      below += pause.compareTo(Duration.ofMillis(250)) < 0 ? 1 : 0;
    }
    assertThat(below).isBetween(400L, 600L);
  }
}
