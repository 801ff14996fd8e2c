package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.bus.QuarantineLock.Stay;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Work that is to be alone in its process")
final class QuarantineLockTest {

  private final QuarantineLock solitude = new QuarantineLock();

  @Test
  @DisplayName("waits for others to end, and nobody begins meanwhile")
  void waits() {
    Stay other = solitude.enter().orElseThrow();

    assertThat(solitude.enterAlone(this)).isEmpty();
    assertThat(solitude.enter()).isEmpty();
    other.close();
    assertThat(solitude.enter()).isEmpty();
    assertThat(solitude.enterAlone(this)).isPresent();
  }

  @Test
  @DisplayName("keeps others out until it ends")
  void alone() {
    Stay alone = solitude.enterAlone(this).orElseThrow();

    assertThat(solitude.enter()).isEmpty();
    assertThat(solitude.enterAlone("another")).isEmpty();
    alone.close();
    alone.close();
    assertThat(solitude.enter()).as("another waits to be alone").isEmpty();
    assertThat(solitude.enterAlone("another")).isPresent();
  }

  @Test
  @DisplayName("may be given up")
  void givenUp() {
    Stay other = solitude.enter().orElseThrow();
    assertThat(solitude.enterAlone(this)).isEmpty();

    solitude.giveUp(this);

    assertThat(solitude.enter()).isPresent();
    other.close();
    other.close();
    assertThat(solitude.enterAlone(this)).as("one is still there").isEmpty();
  }
}
