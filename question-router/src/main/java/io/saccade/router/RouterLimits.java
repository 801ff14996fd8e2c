package io.saccade.router;

import io.saccade.bus.Problems;
import java.time.Duration;

/**
 * What the router accepts and how long it keeps state.
 *
 * <p>See decision 25 in {@code docs/decisions.md} for {@code unknownGrace}.
 *
 * @param defaultTimeout how long a question without a deadline of its own may stay open
 * @param longestTimeout how long any question may stay open, even if its deadline is later; at most
 *     the retention of the request topics, so that the request of an open question is still in the
 *     log
 * @param unknownGrace how long a question waits for the record of its video or its model, which
 *     arrive on other topics and may therefore arrive later
 * @param maxQuestionChars largest number of characters of a question and its earlier turns together
 * @param maxOpenQuestions largest number of open questions in a partition
 * @param closedRetention how long the ids of closed questions are kept, to drop repeated questions
 * @param clipRetention how long a manifest is used after its arrival; shorter than the {@code
 *     frames} topic's retention
 * @param samplingTimeout age at which an unanswered sampling request counts as lost, so that the
 *     next question about its clip sends another
 */
public record RouterLimits(
    Duration defaultTimeout,
    Duration longestTimeout,
    Duration unknownGrace,
    int maxQuestionChars,
    int maxOpenQuestions,
    Duration closedRetention,
    Duration clipRetention,
    Duration samplingTimeout) {

  // Declared before DEFAULT, whose checks use them.
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(365);

  /** The defaults of the contract, for the contract's topic settings. */
  public static final RouterLimits DEFAULT =
      new RouterLimits(
          Duration.ofMinutes(10),
          Duration.ofDays(1),
          Duration.ofSeconds(5),
          8_192,
          10_000,
          Duration.ofDays(1),
          Duration.ofHours(5).plusMinutes(45),
          Duration.ofMinutes(10));

  /**
   * Largest value of {@link #maxQuestionChars}. With its manifest, a question of this length fits a
   * record of Kafka's default size in any script (up to 4 bytes a character).
   */
  public static final int QUESTION_CHARS_LIMIT = 50_000;

  /**
   * Checks all fields.
   *
   * @throws io.saccade.bus.ConfigException naming every field that is out of range
   */
  public RouterLimits {
    Problems problems = new Problems();
    within(problems, "default-timeout", defaultTimeout, SHORTEST);
    within(problems, "longest-timeout", longestTimeout, SHORTEST);
    within(problems, "unknown-grace", unknownGrace, Duration.ZERO);
    within(problems, "closed-retention", closedRetention, SHORTEST);
    within(problems, "clip-retention", clipRetention, SHORTEST);
    within(problems, "sampling-timeout", samplingTimeout, SHORTEST);
    problems
        .unless(
            defaultTimeout.compareTo(longestTimeout) <= 0,
            "default-timeout",
            defaultTimeout,
            "must be at most longest-timeout=" + longestTimeout)
        .unless(
            maxQuestionChars >= 1 && maxQuestionChars <= QUESTION_CHARS_LIMIT,
            "max-question-chars",
            maxQuestionChars,
            "must be 1 to " + QUESTION_CHARS_LIMIT)
        .unless(maxOpenQuestions >= 1, "max-open-questions", maxOpenQuestions, "must be at least 1")
        .throwIfAny("router");
  }

  private static void within(Problems problems, String name, Duration value, Duration least) {
    problems.unless(
        value.compareTo(least) >= 0 && value.compareTo(LONGEST) <= 0,
        name,
        value,
        "must be " + least + " to " + LONGEST);
  }
}
