package io.saccade.ingest;

import io.saccade.bus.Problems;
import io.saccade.proto.Limits;
import io.saccade.proto.Times;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.StandingQuestion;
import java.time.Duration;

/**
 * The ranges of a standing question that a user should hear of at once. The router checks all of
 * it, patterns and options too, and puts aside what it cannot ask.
 */
final class StandingCheck {

  private StandingCheck() {}

  /**
   * Checks a standing question.
   *
   * @throws io.saccade.bus.ConfigException naming everything that is out of range
   */
  static void require(StandingQuestion standing) {
    String id = standing.getQuestionId();
    Problems problems = new Problems();
    problems
        .unless(
            Limits.isStandingId(id),
            "question-id",
            Limits.characters(id) + " characters",
            "must have 1 to " + Limits.STANDING_ID_CHARS)
        .unless(!standing.getText().isBlank(), "text", "''", "ask something")
        .unless(
            standing.hasVideoId() || standing.getSelector().getLabelsCount() > 0,
            "video",
            "''",
            "name a video, or labels that videos have");
    problems.unless(
        !standing.hasFreshness() || Limits.isFreshness(standing.getFreshness()),
        "freshness",
        Times.java(standing.getFreshness()),
        "must be " + Limits.LEAST_FRESHNESS + " to " + Limits.MOST_FRESHNESS);
    if (standing.hasAlert()) {
      checkAlert(problems, standing.getAlert());
    }
    problems.throwIfAny("standing question");
  }

  private static void checkAlert(Problems problems, AlertRule alert) {
    problems
        .unless(
            Limits.isPattern(alert.getMatches()),
            "alert",
            Limits.characters(alert.getMatches()) + " characters",
            "must have 1 to " + Limits.PATTERN_CHARS)
        .unless(
            Limits.isMinWindows(alert.getMinWindows()),
            "alert-windows",
            alert.getMinWindows(),
            "must be 1 to " + Limits.ALERT_WINDOWS)
        .unless(
            Limits.isHoldOff(alert.getHoldOff()),
            "hold-off",
            Times.java(alert.getHoldOff()),
            "must be " + Duration.ZERO + " to " + Limits.MOST_HOLD_OFF);
  }
}
