package io.saccade.model.text;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns a conversation into ids by a model's template.
 *
 * <p>A control text in a user's words, such as ChatML's end of a turn, is cut after its first
 * character and its parts are tokenised apart, so that a user cannot end the turn and write as the
 * system. All other text gets exactly the ids that the public code gives it.
 */
public final class PromptFormat {
  private final TextTokenizer tokenizer;
  private final PromptTemplate template;

  /** Writes prompts by a template with a tokenizer, which stays the caller's. */
  public PromptFormat(TextTokenizer tokenizer, PromptTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
  }

  /** The ids of a conversation. */
  public Prompt encode(Conversation conversation) {
    return new Prompt(before(), after(conversation));
  }

  /** The ids before the clip's tokens, the same for all conversations. */
  public List<Long> before() {
    return tokenizer.encode(template.beforeClip());
  }

  /** The ids after the clip's tokens. */
  public List<Long> after(Conversation conversation) {
    TextWithCuts after = new TextWithCuts().template(template.afterClip());
    for (Conversation.Turn turn : conversation.earlier()) {
      after.words(turn.question()).template(template.afterQuestion());
      after.words(turn.answer()).template(template.afterAnswer());
    }
    after.words(conversation.question()).template(template.afterQuestion());
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
