package io.saccade.model;

/**
 * A prompt has more tokens than the checkpoint was trained for. It is refused, never truncated:
 * truncation would cut the question off its end.
 */
public final class PromptTooLongException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int tokens;
  private final int limit;

  /**
   * Reports a prompt.
   *
   * @param tokens tokens of the prompt's text and the clip's fast tokens together
   * @param limit the most that the model takes
   */
  public PromptTooLongException(int tokens, int limit) {
    super(
        "The prompt has %d tokens, fast tokens included, and the model takes %d: ask a shorter question or drop earlier turns"
            .formatted(tokens, limit));
    this.tokens = tokens;
    this.limit = limit;
  }

  /** Tokens of the prompt's text and the clip's fast tokens together. */
  public int tokens() {
    return tokens;
  }

  /** The most tokens that the model takes. */
  public int limit() {
    return limit;
  }
}
