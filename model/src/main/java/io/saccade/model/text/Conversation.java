package io.saccade.model.text;

import java.util.List;
import java.util.Objects;

/**
 * A question on a clip and the turns before it.
 *
 * @param earlier questions on the same clip that have been answered, oldest first
 * @param question the question to answer
 */
public record Conversation(List<Turn> earlier, String question) {

  /**
   * A question and its answer.
   *
   * @param question what was asked
   * @param answer what the model answered
   */
  public record Turn(String question, String answer) {
    /** Checks that both are there. */
    public Turn {
      Objects.requireNonNull(question, "question");
      Objects.requireNonNull(answer, "answer");
    }
  }

  /** Copies the turns and refuses an empty question. */
  public Conversation {
    earlier = List.copyOf(earlier);
    if (question.isBlank()) {
      throw new IllegalArgumentException("question is empty: ask something");
    }
  }

  /** A first question. */
  public static Conversation of(String question) {
    return new Conversation(List.of(), question);
  }
}
