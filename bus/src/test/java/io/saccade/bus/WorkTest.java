package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A record under way")
final class WorkTest {

  private final List<Work<Question>> finished = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private final Work<Question> work =
      new Work<>(
          Question.getDefaultInstance(),
          new TopicPartition("saccade.questions", 2),
          17,
          1_000,
          "",
          new Recorder());

  @Test
  @DisplayName("is finished once, however often that is said")
  void finishedOnce() {
    work.done();
    work.done();

    assertThat(finished).containsExactly(work);
  }

  @Test
  @DisplayName("is as old as its timestamp says, never younger than nothing")
  void age() {
    assertThat(work.age(Instant.ofEpochMilli(1_500))).isEqualTo(Duration.ofMillis(500));
    assertThat(work.age(Instant.ofEpochMilli(900))).isZero();
  }

  @Test
  @DisplayName("may still be finished after it was cancelled")
  void cancelled() {
    work.cancel();
    work.done();

    assertThat(work.cancelled()).isTrue();
    assertThat(finished).hasSize(1);
    assertThat(work).hasToString("saccade.questions-2@17");
  }

  @Test
  @DisplayName("is finished when its last effect is acknowledged")
  void acknowledged() {
    CompletableFuture<Void> effect = new CompletableFuture<>();
    work.doneWhen(() -> effect);
    assertThat(finished).isEmpty();

    effect.complete(null);

    assertThat(finished).containsExactly(work);
  }

  @Test
  @DisplayName("is not finished by an effect that fails, whichever way, but tried again")
  void failedEffect() {
    work.doneWhen(() -> CompletableFuture.failedFuture(new IllegalStateException("away")));
    work.doneWhen(
        () -> {
          throw new IllegalStateException("closed");
        });

    assertThat(finished).isEmpty();
    assertThat(failures).extracting(Throwable::getMessage).containsExactly("away", "closed");
  }

  @Test
  @DisplayName("is let go by an effect that fails when another member has the record")
  void failedEffectOfMoved() {
    work.move();
    work.doneWhen(() -> CompletableFuture.failedFuture(new IllegalStateException("away")));

    assertThat(work.dropped()).isTrue();
    assertThat(finished).containsExactly(work);
    assertThat(failures).isEmpty();
  }

  /** Remembers what became of the work. */
  private final class Recorder implements Work.Host<Question> {

    @Override
    public void ended(Work<Question> ended) {
      finished.add(ended);
    }

    @Override
    public void again(
        Work<Question> failed, Supplier<? extends CompletionStage<?>> effect, Throwable failure) {
      failures.add(failure);
    }

    @Override
    public void bury(Work<Question> buried, String reason) {
      throw new AssertionError("buried: " + reason);
    }
  }
}
