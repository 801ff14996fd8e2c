package io.saccade.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class HealthTest {

  private final CompletableFuture<Void> end = new CompletableFuture<>();

  @Test
  void isWhatItSaysUntilItEnds() {
    Health restoring = Health.starting("restores its stores");
    assertThat(Health.until(end, () -> restoring)).isSameAs(restoring);

    end.complete(null);
    assertThat(Health.until(end, () -> restoring)).isEqualTo(Health.stopped());
  }

  @Test
  void saysWhyItFailed() {
    end.completeExceptionally(new IllegalStateException("no disk"));

    Health failed = Health.until(end.minimalCompletionStage(), () -> Health.ready(""));
    assertThat(failed.state()).isEqualTo(Health.State.FAILED);
    assertThat(failed.detail()).isEqualTo("java.lang.IllegalStateException: no disk");
    assertThat(failed.isReady()).isFalse();
  }

  @Test
  void isAsWellAsItsWorstPart() {
    Health starting = Health.starting("its model is not announced");

    assertThat(Health.worst(List.of(Health.ready(""), starting, Health.ready(""))))
        .isSameAs(starting);
    assertThat(Health.worst(List.of(starting, Health.stopped()))).isEqualTo(Health.stopped());
  }
}
