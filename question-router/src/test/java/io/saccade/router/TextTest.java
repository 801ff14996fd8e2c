package io.saccade.router;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TextTest {

  private static final String EYE = "\uD83D\uDC41";

  @Test
  void cutKeepsPairsWhole() {
    assertThat(Text.cut("a" + EYE + "b", 2)).isEqualTo("a");
    assertThat(Text.cut("a" + EYE + "b", 3)).isEqualTo("a" + EYE);
    assertThat(Text.cut("abc", 3)).isEqualTo("abc");
  }

  @Test
  void logLineCannotBeForged() {
    assertThat(Text.logged("q\nERROR\u2028\u0007x")).isEqualTo("q?ERROR??x");
  }
}
