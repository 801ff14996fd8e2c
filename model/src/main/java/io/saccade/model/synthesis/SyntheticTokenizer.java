package io.saccade.model.synthesis;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.text.PromptTemplate;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the tokenizer of a random model: Qwen2's own form of byte-level BPE without merges, so that
 * any text is spelled byte by byte and any id is a text. The ids between the bytes and the control
 * tokens are made-up words, for a random model to babble.
 */
final class SyntheticTokenizer {
  private static final int BYTES = 256;
  private static final String CONSONANTS = "bcdfghjklmnprstvwxyz";
  private static final String VOWELS = "aeiou";
  private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();

  /** How byte-level BPE writes a space. */
  private static final char SPACE = 'Ġ';

  private final PromptTemplate template;
  private final int firstControl;

  /**
   * A tokenizer.
   *
   * @param vocabulary number of rows of the embedding table; the original ids of the control tokens
   *     are used if it has them
   * @param template whose control tokens it has
   * @throws CheckpointException if the bytes and the control tokens are more than that
   */
  SyntheticTokenizer(int vocabulary, PromptTemplate template) {
    this.template = template;
    int controls = controls().size();
    if (vocabulary < BYTES + controls) {
      throw new CheckpointException(
          "vocab_size is %d, and a tokenizer needs at least %d"
              .formatted(vocabulary, BYTES + controls));
    }
    this.firstControl = Math.min(template.controls().firstId(), vocabulary - controls);
  }

  private List<String> controls() {
    List<String> controls = new ArrayList<>();
    controls.add(template.controls().textEnd());
    controls.addAll(template.controls().turns());
    return controls;
  }

  /** The id that ends a text, and fills one. */
  int endOfText() {
    return firstControl;
  }

  /** The id that ends an answer. */
  int answerEnd() {
    return firstControl + controls().indexOf(template.answerEnd());
  }

  /** The content of {@code tokenizer.json}. */
  JsonObject toJson() {
    JsonObject tokenizer = SyntheticConfig.resource("tokenizer.json");
    JsonArray added = tokenizer.getAsJsonArray("added_tokens");
    for (String control : controls()) {
      added.add(control(firstControl + added.size(), control));
    }
    JsonObject vocabulary = tokenizer.getAsJsonObject("model").getAsJsonObject("vocab");
    addBytes(vocabulary);
    for (int id = BYTES; id < firstControl; id++) {
      vocabulary.addProperty(word(id - BYTES), id);
    }
    return tokenizer;
  }

  private static JsonObject control(int id, String content) {
    JsonObject token = new JsonObject();
    token.addProperty("id", id);
    token.addProperty("content", content);
    for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
      token.addProperty(flag, false);
    }
    token.addProperty("special", true);
    return token;
  }

  /** Visible characters stand for themselves, the other bytes for the characters from 256 on. */
  private static void addBytes(JsonObject vocabulary) {
    for (int b = 0; b < BYTES; b++) {
      if (isVisible(b)) {
        vocabulary.addProperty(String.valueOf((char) b), vocabulary.size());
      }
    }
    char next = BYTES;
    for (int b = 0; b < BYTES; b++) {
      if (!isVisible(b)) {
        vocabulary.addProperty(String.valueOf(next++), vocabulary.size());
      }
    }
  }

  private static boolean isVisible(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xa1 && b != 0xad);
  }

  /** A number in syllables, of which it has at least two. */
  private static String word(int number) {
    StringBuilder word = new StringBuilder().append(SPACE);
    int rest = number;
    for (int i = 0; i < 2 || rest > 0; i++) {
      int syllable = rest % SYLLABLES;
      word.append(CONSONANTS.charAt(syllable / VOWELS.length()));
      word.append(VOWELS.charAt(syllable % VOWELS.length()));
      rest /= SYLLABLES;
    }
    return word.toString();
  }
}
