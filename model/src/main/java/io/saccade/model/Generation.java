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
 * @param slowTokens tokens of the clip that the text attended to beside the prompt; 0 for models
 *     without hybrid layers
 * @param ids the generated ids, the one that ended the answer included
 * @param prefill time from the beginning to the first token
 * @param decode time from the first token to the last
 * @param lookedAt where the model looked before it answered: for each frame of the clip its share
 *     of the cross-attention of the prompt's last token, averaged over heads and summed over hybrid
 *     layers with the magnitudes of their gates; the shares sum to 1. Empty if it did not get that
 *     far, and for models without hybrid layers, whose attention does not say
 */
public record Generation(
    String text,
    FinishReason finishReason,
    int promptTokens,
    int fastTokens,
    int slowTokens,
    List<Long> ids,
    Duration prefill,
    Duration decode,
    List<Double> lookedAt) {

  /** Copies the lists. */
  public Generation {
    ids = List.copyOf(ids);
    lookedAt = List.copyOf(lookedAt);
  }

  /** Number of generated tokens, the one that ended the answer included. */
  public int generatedTokens() {
    return ids.size();
  }
}
