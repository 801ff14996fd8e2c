package io.saccade.router.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogTextTest {

  private static final String EYE = "\uD83D\uDC41";

  @Test
  void cutKeepsPairsWhole() {
    assertThat(LogText.cut("a" + EYE + "b", 2)).isEqualTo("a");
    assertThat(LogText.cut("a" + EYE + "b", 3)).isEqualTo("a" + EYE);
    assertThat(LogText.cut("abc", 3)).isEqualTo("abc");
  }

  @Test
  void logLineCannotBeForged() {
    assertThat(LogText.logged("q\nERROR\u2028\u0007x")).isEqualTo("q?ERROR??x");
  }
}
