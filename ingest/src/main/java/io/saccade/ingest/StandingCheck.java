package io.saccade.ingest;

import com.google.protobuf.util.Durations;
import io.saccade.bus.Problems;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.StandingQuestion;
import java.time.Duration;

/**
 * The ranges of a standing question that a user should hear of at once. The router checks all of
 * it, patterns and options too, and puts aside what it cannot ask.
 */
final class StandingCheck {

  private static final int MAX_ID = 160;
  private static final int MAX_PATTERN = 200;
  private static final int MAX_WINDOWS = 1_000;
  private static final Duration LEAST_FRESHNESS = Duration.ofMillis(100);
  private static final Duration MOST_FRESHNESS = Duration.ofHours(1);
  private static final Duration MOST_HOLD_OFF = Duration.ofDays(1);

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
            !id.isBlank() && id.length() <= MAX_ID,
            "question-id",
            id.length() + " characters",
            "must have 1 to " + MAX_ID)
        .unless(!standing.getText().isBlank(), "text", "''", "ask something")
        .unless(
            standing.hasVideoId() || standing.getSelector().getLabelsCount() > 0,
            "video",
            "''",
            "name a video, or labels that videos have");
    if (standing.hasFreshness()) {
      within(problems, "freshness", standing.getFreshness(), LEAST_FRESHNESS, MOST_FRESHNESS);
    }
    if (standing.hasAlert()) {
      checkAlert(problems, standing.getAlert());
    }
    problems.throwIfAny("standing question");
  }

  private static void checkAlert(Problems problems, AlertRule alert) {
    int pattern = alert.getMatches().length();
    problems
        .unless(
            pattern >= 1 && pattern <= MAX_PATTERN,
            "alert",
            pattern + " characters",
            "must have 1 to " + MAX_PATTERN)
        .unless(
            alert.getMinWindows() >= 0 && alert.getMinWindows() <= MAX_WINDOWS,
            "alert-windows",
            alert.getMinWindows(),
            "must be 1 to " + MAX_WINDOWS);
    within(problems, "hold-off", alert.getHoldOff(), Duration.ZERO, MOST_HOLD_OFF);
  }

  private static void within(
      Problems problems,
      String name,
      com.google.protobuf.Duration value,
      Duration least,
      Duration most) {
    long millis = Durations.toMillis(value);
    problems.unless(
        millis >= least.toMillis() && millis <= most.toMillis(),
        name,
        Duration.ofMillis(millis),
        "must be " + least + " to " + most);
  }
}
