package io.saccade.model.text;

import java.util.List;

/**
 * A prompt in token ids, with the place where the clip's fast tokens go.
 *
 * @param before ids before the fast tokens
 * @param after ids after them
 */
public record Prompt(List<Long> before, List<Long> after) {

  /** Copies the ids. */
  public Prompt {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /** Ids of both parts. */
  public int length() {
    return before.size() + after.size();
  }
}
