package io.saccade.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorNamesTest {
  private static final TensorNames NAMES =
      new TensorNames()
          .with("norm", "model.norm")
          .with("layers.{}.q", "model.layers.{}.self_attn.q_proj")
          .with("layers.{}", "model.other.{}")
          .with("stages.{}.blocks.{}.scale", "s.{}.b.{}.weight", "s.{}.b.{}.gamma")
          .with("tower.", "vision.", new TensorNames().with("layers.{}.q", "encoder.{}.query"));

  @ParameterizedTest
  @CsvSource({
    "norm.weight, model.norm.weight",
    "layers.17.q.weight, model.layers.17.self_attn.q_proj.weight",
    "layers.17.q.weight_scale, model.layers.17.self_attn.q_proj.weight_scale",
    "layers.3.queue.weight, model.other.3.queue.weight",
    "tower.layers.0.q.bias, vision.encoder.0.query.bias",
  })
  void mapsTheLongestBeginningAndKeepsTheRest(String logical, String stored) {
    assertThat(NAMES.stored(logical)).containsExactly(stored);
  }

  @Test
  void keepsNumbersInTheirOrderInEachOfSeveralNames() {
    assertThat(NAMES.stored("stages.2.blocks.11.scale"))
        .containsExactly("s.2.b.11.weight", "s.2.b.11.gamma");
  }

  @Test
  void refusesANameWithoutEntry() {
    assertThatIllegalStateException()
        .isThrownBy(() -> NAMES.stored("normal.weight"))
        .withMessageContaining("normal.weight");
  }
}
