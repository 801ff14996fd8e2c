package io.saccade.router.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.StandingQuestion;
import io.saccade.router.RouterLimits;
import io.saccade.router.streams.Samples;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StandingRulesTest {

  private static final StandingQuestion VALID = Samples.standing("s", "v");

  private final StandingRules rules = new StandingRules(RouterLimits.DEFAULT);

  private Optional<String> problem(StandingQuestion.Builder standing) {
    return rules.problem(standing.getQuestionId(), standing.build());
  }

  private Optional<String> problem(AlertRule.Builder alert) {
    return problem(VALID.toBuilder().setAlert(alert));
  }

  private static AlertRule.Builder matches(String pattern) {
    return AlertRule.newBuilder().setMatches(pattern);
  }

  @Test
  void aPlainOneIsValid() {
    assertThat(problem(VALID.toBuilder())).isEmpty();
    assertThat(
            problem(
                VALID.toBuilder()
                    .setSelector(LabelSelector.newBuilder().putLabels("site", "gate-3"))
                    .setFreshness(Durations.fromMillis(100))
                    .setAlert(matches("yes|ja").setMinWindows(3))))
        .isEmpty();
  }

  @Test
  void idsAreBoundedSoThatIdsOfWindowsAre() {
    assertThat(rules.problem("t", VALID)).hasValueSatisfying(p -> assertThat(p).contains("key"));
    assertThat(rules.problem(null, VALID)).isPresent();
    assertThat(problem(VALID.toBuilder().setQuestionId("s".repeat(160)))).isEmpty();
    assertThat(problem(VALID.toBuilder().setQuestionId("s".repeat(161)))).isPresent();
    assertThat(problem(VALID.toBuilder().setQuestionId(" "))).isPresent();
  }

  @Test
  void aTargetIsNeeded() {
    assertThat(problem(VALID.toBuilder().clearTarget())).isPresent();
    assertThat(problem(VALID.toBuilder().setVideoId(""))).isPresent();
    assertThat(problem(VALID.toBuilder().setSelector(LabelSelector.getDefaultInstance())))
        .isPresent();
    LabelSelector.Builder many = LabelSelector.newBuilder();
    for (int i = 0; i < 65; i++) {
      many.putLabels("label" + i, "x");
    }
    assertThat(problem(VALID.toBuilder().setSelector(many))).isPresent();
    assertThat(
            problem(
                VALID.toBuilder()
                    .setSelector(LabelSelector.newBuilder().putLabels("a", "x".repeat(201)))))
        .isPresent();
  }

  @Test
  void theRulesOfQuestionsHoldForStandingOnes() {
    assertThat(problem(VALID.toBuilder().setText(" "))).isPresent();
    assertThat(problem(VALID.toBuilder().setText("x".repeat(8_193)))).isPresent();
    assertThat(problem(VALID.toBuilder().setModel("m".repeat(201)))).isPresent();
    StandingQuestion.Builder hot = VALID.toBuilder();
    hot.getOptionsBuilder().setTemperature(11);
    assertThat(problem(hot)).isPresent();
  }

  @Test
  void rangesAreChecked() {
    assertThat(problem(VALID.toBuilder().setFreshness(Durations.fromMillis(99)))).isPresent();
    assertThat(problem(VALID.toBuilder().setFreshness(Durations.fromSeconds(3_601)))).isPresent();
    assertThat(problem(matches("x").setMinWindows(1_001))).isPresent();
    assertThat(problem(matches("x").setMinWindows(-1))).isPresent();
    assertThat(problem(matches("x").setHoldOff(Durations.fromSeconds(-1)))).isPresent();
    assertThat(problem(matches("x").setHoldOff(Durations.fromDays(2)))).isPresent();
    assertThat(problem(matches("x".repeat(201)))).isPresent();
    assertThat(problem(matches(""))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "a(?=b)",
        "(a)\\1",
        "((a{1000}){1000}){1000}",
        "(a{40}){40}",
        "(?:.{2}.{2}.{2}.{2}.{2}.{2}.{2}.{2}.{2}.{2}){2}",
        "a{99999999999999999999}",
        "(\\pL|[0-9]|x|y){1000}"
      })
  void refusesPatternsThatAreInvalidOrTooLarge(String pattern) {
    assertThat(problem(matches(pattern)))
        .hasValueSatisfying(problem -> assertThat(problem).startsWith("alert.matches"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "\\b(red|blue) car\\b", "\\d{4}-\\d{2}-\\d{2}", "^\\s*ja", "é+"})
  void usualPatternsAreTaken(String pattern) {
    assertThat(problem(matches(pattern))).isEmpty();
    assertThat(StandingRules.pattern(matches(pattern).build())).isNotNull();
  }
}
