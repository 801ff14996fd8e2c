package io.saccade.model.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The text of an answer as its tokens come: whole characters only, ended before the first stop
 * string, and without what may still become one.
 *
 * <p>Each token is decoded together with those since the last settled character, so that the cost
 * of a token does not grow with the answer.
 */
public final class AnswerText {
  /** What a tokenizer makes of bytes that are no character, or not yet one. */
  private static final String REPLACEMENT = "\uFFFD";

  /** Tokens that may hold the beginning of a character, which has at most 4 bytes. */
  private static final int UNFINISHED_TOKENS = 3;

  /**
   * Tokens without a whole character at their end that are kept together before a cut is sought.
   */
  private static final int MANY_TOKENS = 8;

  private final TextTokenizer tokenizer;
  private final List<String> stops;
  private final StringBuilder text = new StringBuilder();
  private final List<Long> waiting = new ArrayList<>();
  private int taken;
  private boolean ended;

  public AnswerText(TextTokenizer tokenizer, List<String> stops) {
    this.tokenizer = tokenizer;
    this.stops = stops;
  }

  /**
   * Appends a token.
   *
   * @return whether the answer ended with it, at a stop string
   */
  public boolean append(long id) {
    waiting.add(id);
    String piece = tokenizer.decode(waiting);
    if (!piece.endsWith(REPLACEMENT)) {
      settle(piece, waiting.size());
    } else if (waiting.size() >= MANY_TOKENS) {
      settleBeginning(piece);
    }
    return ended;
  }

  /** Bytes that never become characters: settles what does not depend on the tokens to come. */
  private void settleBeginning(String piece) {
    int cut = waiting.size() - UNFINISHED_TOKENS;
    String beginning = tokenizer.decode(waiting.subList(0, cut));
    if (piece.equals(beginning + tokenizer.decode(waiting.subList(cut, waiting.size())))) {
      settle(beginning, cut);
    }
  }

  /** No token follows. */
  public void end() {
    settle(tokenizer.decode(waiting), waiting.size());
    ended = true;
  }

  private void settle(String piece, int tokens) {
    waiting.subList(0, tokens).clear();
    if (ended) {
      return;
    }
    int before = text.length();
    text.append(piece);
    stops.stream()
        .map(stop -> text.indexOf(stop, Math.max(0, before - stop.length() + 1)))
        .filter(found -> found >= 0)
        .min(Comparator.naturalOrder())
        .ifPresent(
            found -> {
              text.setLength(found);
              ended = true;
            });
  }

  /** What is settled and was not taken yet. */
  public String take() {
    int settled = ended ? text.length() : text.length() - undecided();
    String part = text.substring(taken, Math.max(taken, settled));
    taken = Math.max(taken, settled);
    return part;
  }

  /** The length of the longest end of the text that a stop string begins with. */
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
        if (text.indexOf(stop.substring(0, length), text.length() - length) >= 0) {
          longest = length;
        }
      }
    }
    return longest;
  }

  /** All of it so far. */
  @Override
  public String toString() {
    return text.toString();
  }
}
