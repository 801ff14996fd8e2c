package io.saccade.cli.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "12s, 12000",
    "12, 12000",
    "12.5, 12500",
    "0.25s, 250",
    "1m30s, 90000",
    "500ms, 500",
    "2m, 120000",
    "1h, 3600000",
    "1h2m3.5s, 3723500",
    "PT12S, 12000",
    "00:01:30, 90000",
    "01:30, 90000",
    "00:00:00.04, 40",
    "0, 0"
  })
  void readsWhatPeopleWrite(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "s",
        "-1s",
        "PT-1S",
        "1x",
        "12 34",
        "1:2:3:4",
        "99999999999999999999s",
        "1s1m"
      })
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "' is not a duration");
  }
}
