package io.saccade.model.config;

/**
 * Which tokens read the slow tokens. Both modes are exact; they differ in the tokens that are
 * generated.
 */
public enum DecodeMode {
  /**
   * The prompt's text only, as the public code does when it generates; published scores were
   * obtained so.
   */
  PROMPT,
  /** The prompt's text and every generated token, as in training. */
  ALL_TEXT
}
