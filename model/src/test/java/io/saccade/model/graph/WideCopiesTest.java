package io.saccade.model.graph;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WideCopiesTest {
  private static final long MACHINE = 8L << 30;

  @Test
  void areKeptWhereTheyAreSmallAndOfUse() {
    assertThat(WideCopies.AUTO.kept(1L << 30, MACHINE)).isEqualTo(Host.hasBfloat16());
    assertThat(WideCopies.AUTO.kept((1L << 30) + 1, MACHINE)).isFalse();
    assertThat(WideCopies.ALWAYS.kept(MACHINE, MACHINE)).isTrue();
    assertThat(WideCopies.NEVER.kept(0, MACHINE)).isFalse();
  }
}
