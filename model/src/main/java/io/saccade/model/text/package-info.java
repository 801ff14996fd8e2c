/**
 * From a conversation to token ids and from token ids to the text of an answer: tokenizer, prompt
 * template, stop strings.
 *
 * <p>It uses {@link io.saccade.model.config} alone.
 */
package io.saccade.model.text;
