package io.saccade.worker;

import java.time.Duration;
import java.time.Instant;

/** How long an answer takes of late, from getting its memory to its end. */
final class AnswerTime {

  /** Of how many answers, roughly, this is the mean. */
  private static final int ANSWERS = 8;

  private Duration typical = Duration.ZERO;

  /** Adds an answer that has just ended. */
  void add(Duration taken) {
    typical = typical.plus(taken.minus(typical).dividedBy(ANSWERS));
  }

  /** Whether an answer that begins now is likely to end in time. */
  boolean meets(Instant deadline, Instant now) {
    return deadline.equals(Instant.MAX) || !now.plus(typical).isAfter(deadline);
  }
}
