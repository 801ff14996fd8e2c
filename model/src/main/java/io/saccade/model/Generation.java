package io.saccade.model;

import java.time.Duration;
import java.util.List;

/**
 * A generated answer.
 *
 * @param text the answer, without control tokens
 * @param finishReason why it ended
 * @param promptTokens tokens of the prompt's text
 * @param fastTokens tokens of the clip in the prompt, not counted in {@code promptTokens}
 * @param slowTokens tokens of the clip that the text attended to
 * @param ids the generated ids, the one that ended the answer included
 * @param prefill time spent on the prompt, up to the first token
 * @param decode time spent on the tokens after the first
 */
public record Generation(
    String text,
    FinishReason finishReason,
    int promptTokens,
    int fastTokens,
    int slowTokens,
    List<Long> ids,
    Duration prefill,
    Duration decode) {

  /** Copies the ids. */
  public Generation {
    ids = List.copyOf(ids);
  }

  /** Number of generated tokens, the one that ended the answer included. */
  public int generatedTokens() {
    return ids.size();
  }
}
