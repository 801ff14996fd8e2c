package io.saccade.model.text;

import java.util.List;

/**
 * The words around a conversation that a model was trained with:
 *
 * <pre>{@code
 * [beforeClip] VISUAL TOKENS [afterClip]
 * first question [afterQuestion] first answer [afterAnswer]
 * question [afterQuestion]
 * }</pre>
 *
 * <p>What stands before and after the clip is tokenised apart; after the clip templates and words
 * are one text.
 *
 * @param beforeClip before the clip's tokens, the same for all conversations
 * @param afterClip between the clip's tokens and the first question
 * @param afterQuestion between a question and its answer
 * @param afterAnswer between an answer and the next question
 * @param answerEnd the control token with which the model ends an answer
 * @param controls the control tokens that the tokenizer must have
 * @param tokensBeforeClip about how many tokens {@code beforeClip} is, for estimates of memory
 */
public record PromptTemplate(
    String beforeClip,
    String afterClip,
    String afterQuestion,
    String afterAnswer,
    String answerEnd,
    ControlTokens controls,
    int tokensBeforeClip) {

  /**
   * The control tokens of a tokenizer.
   *
   * @param textEnd ends and fills texts; only made-up tokenizers must have it
   * @param turns what the template uses, each of which must be one token
   * @param firstId the id of {@code textEnd} in the original tokenizer, which those of {@code
   *     turns} follow
   */
  public record ControlTokens(String textEnd, List<String> turns, int firstId) {
    /** Copies the list. */
    public ControlTokens {
      turns = List.copyOf(turns);
    }
  }

  /** Refuses an end of an answer that is no control token. */
  public PromptTemplate {
    if (!controls.turns().contains(answerEnd)) {
      throw new IllegalArgumentException(answerEnd + " is none of " + controls.turns());
    }
  }
}
