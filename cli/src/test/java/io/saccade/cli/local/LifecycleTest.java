package io.saccade.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.bus.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class LifecycleTest {

  private final List<String> closed = new ArrayList<>();

  @Test
  void closesInReverseOrderOnce() {
    Lifecycle lifecycle = new Lifecycle();
    lifecycle.add(() -> closed.add("broker"));
    lifecycle.add(() -> closed.add("router"));
    lifecycle.add(() -> closed.add("worker"));

    lifecycle.close();
    lifecycle.close();

    assertThat(closed).containsExactly("worker", "router", "broker");
  }

  @Test
  void aPartThatFailsToCloseDoesNotKeepTheOthersUp() {
    try (Lifecycle lifecycle = new Lifecycle()) {
      lifecycle.add(() -> closed.add("broker"));
      lifecycle.add(
          () -> {
            throw new IllegalStateException("stuck");
          });
    }

    assertThat(closed).containsExactly("broker");
  }

  @Test
  void itsFolderGoesAfterWhatIsAddedLater() {
    Path folder;
    try (Lifecycle lifecycle = new Lifecycle()) {
      folder = lifecycle.folder();
      Path file = folder.resolve("log");
      lifecycle.add(() -> closed.add(Files.writeString(file, "last words").toString()));
    }

    assertThat(closed).containsExactly(folder.resolve("log").toString());
    assertThat(folder).doesNotExist();
  }

  @Test
  void aPartThatDoesNotStartIsNotStopped() {
    try (Lifecycle lifecycle = new Lifecycle()) {
      lifecycle.add(() -> closed.add("broker"));
      assertThatThrownBy(
              () ->
                  lifecycle.open(
                      () -> {
                        throw new IllegalStateException("no router");
                      }))
          .hasMessage("no router");
    }

    assertThat(closed).containsExactly("broker");
  }

  @Test
  void aRoleThatCannotGoOnEndsTheWait() {
    FakeRole role = new FakeRole();
    try (Lifecycle lifecycle = new Lifecycle()) {
      lifecycle.start(role);
      role.stopped.completeExceptionally(new IllegalStateException("lost"));

      assertThatThrownBy(lifecycle::await)
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("lost");
    }
    assertThat(closed).containsExactly("role");
  }

  @Test
  void aRoleThatEndsByItselfEndsTheWait() throws Exception {
    FakeRole role = new FakeRole();
    try (Lifecycle lifecycle = new Lifecycle()) {
      lifecycle.start(role);
      role.stopped.complete(null);

      lifecycle.await();
    }
    assertThat(closed).containsExactly("role");
  }

  private final class FakeRole implements Role {
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    @Override
    public void start() {}

    @Override
    public CompletionStage<Void> stopped() {
      return stopped;
    }

    @Override
    public void close() {
      closed.add("role");
    }
  }
}
