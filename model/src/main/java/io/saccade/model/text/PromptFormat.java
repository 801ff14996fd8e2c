package io.saccade.model.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns a conversation into ids in the ChatML form that the model was trained with:
 *
 * <pre>{@code
 * <|im_start|>system
 * You are a helpful assistant.<|im_end|>
 * <|im_start|>user
 * FAST TOKENS
 * first question<|im_end|>
 * <|im_start|>assistant
 * first answer<|im_end|>
 * <|im_start|>user
 * question<|im_end|>
 * <|im_start|>assistant
 * }</pre>
 *
 * <p>A control text in a user's words, such as {@code <|im_end|>}, is cut after its first character
 * and its parts are tokenised apart, so that nobody can end his turn and speak as the system. All
 * other text gets exactly the ids that the public code gives it.
 */
public final class PromptFormat {
  public static final String TURN_START = "<|im_start|>";
  public static final String TURN_END = "<|im_end|>";

  private static final String SYSTEM =
      TURN_START + "system\nYou are a helpful assistant." + TURN_END + "\n";
  private static final String USER = TURN_START + "user\n";
  private static final String ASSISTANT = TURN_START + "assistant\n";

  private final TextTokenizer tokenizer;

  public PromptFormat(TextTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** The ids of a conversation. */
  public Prompt encode(Conversation conversation) {
    return new Prompt(before(), after(conversation));
  }

  /** The ids before the fast tokens, the same for all conversations. */
  public List<Long> before() {
    return tokenizer.encode(SYSTEM + USER);
  }

  /** The ids after the fast tokens. */
  public List<Long> after(Conversation conversation) {
    TextWithCuts after = new TextWithCuts().template("\n");
    for (Conversation.Turn turn : conversation.earlier()) {
      after.words(turn.question()).template(TURN_END + "\n" + ASSISTANT);
      after.words(turn.answer()).template(TURN_END + "\n" + USER);
    }
    after.words(conversation.question()).template(TURN_END + "\n" + ASSISTANT);
    return after.encode();
  }

  /**
   * A text that is tokenised in one piece but for cuts inside of control texts that a user wrote.
   */
  private final class TextWithCuts {
    private final StringBuilder text = new StringBuilder();
    private final List<Integer> cuts = new ArrayList<>();

    TextWithCuts template(String part) {
      text.append(part);
      return this;
    }

    TextWithCuts words(String part) {
      for (int i = 0; i < part.length(); i++) {
        if (startsWithControlText(part, i)) {
          cuts.add(text.length() + i + 1);
        }
      }
      text.append(part);
      return this;
    }

    private boolean startsWithControlText(String part, int offset) {
      return tokenizer.controlTexts().stream()
          .anyMatch(control -> part.startsWith(control, offset));
    }

    List<Long> encode() {
      List<Long> ids = new ArrayList<>();
      int begin = 0;
      for (int cut : cuts) {
        ids.addAll(tokenizer.encode(text.substring(begin, cut)));
        begin = cut;
      }
      ids.addAll(tokenizer.encode(text.substring(begin)));
      return ids;
    }
  }
}
