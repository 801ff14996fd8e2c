package io.saccade.bus;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Problems of a configuration")
final class ProblemsTest {

  @Test
  @DisplayName("are none when every rule holds")
  void none() {
    assertThatCode(
            () ->
                new Problems()
                    .unless(true, "frames", 8, "must be at least 1")
                    .throwIfAny("sampler"))
        .doesNotThrowAnyException();
  }

  @Test
  @DisplayName("are told together, each with name, value and rule")
  void together() {
    Problems problems =
        new Problems()
            .unless(false, "frames", 0, "must be at least 1")
            .unless(true, "size", 96, "must be even")
            .unless(false, "grace", "PT-1S", "must not be negative");

    assertThatThrownBy(() -> problems.throwIfAny("sampler"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("sampler: frames=0: must be at least 1; grace=PT-1S: must not be negative");
  }
}
