package io.saccade.router;

import io.saccade.bus.Problems;
import java.time.Duration;

/**
 * What the router allows and how long it remembers.
 *
 * @param defaultTimeout how long a question without a deadline of its own may stay open
 * @param longestTimeout how long any question may stay open, whatever deadline it names; no longer
 *     than the request topics keep records, or an open question could wait for a request that is
 *     gone
 * @param unknownGrace how long a question waits for its video's or its model's record, which come
 *     on other topics and so may come a moment later
 * @param maxQuestionChars most characters of a question and its earlier turns together
 * @param maxOpenQuestions most open questions of a partition
 * @param closedRetention how long the ids of closed questions are kept to drop repeats
 * @param clipRetention how long a manifest is used after it came; below the {@code frames} topic's
 *     retention
 * @param samplingTimeout after which a sampling request counts as lost when the clip is asked for
 *     again
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

  // Before DEFAULT, whose checks need them.
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(365);

  /** What the contract says, for the contract's topic settings. */
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
   * Most characters that {@link #maxQuestionChars} can be set to: with its manifest the question
   * must fit a record of Kafka's default size in any script.
   */
  public static final int QUESTION_CHARS_LIMIT = 50_000;

  /**
   * Checks all fields.
   *
   * @throws io.saccade.bus.ConfigException naming everything that is out of range
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
