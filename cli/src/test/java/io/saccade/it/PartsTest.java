package io.saccade.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {

  @Test
  void allAreClosedTheLastFirstAndTheFirstFailureIsTold() {
    List<String> closed = new ArrayList<>();
    Parts parts = new Parts();
    parts.add(() -> closed.add("first"));
    parts.add(() -> fail(closed, "second"));
    parts.add(() -> fail(closed, "third"));

    assertThatThrownBy(() -> parts.afterEach(null))
        .hasMessage("third")
        .satisfies(failure -> assertThat(failure.getSuppressed()).hasSize(1));
    assertThat(closed).containsExactly("third", "second", "first");
  }

  private static void fail(List<String> closed, String name) {
    closed.add(name);
    throw new IllegalStateException(name);
  }
}
