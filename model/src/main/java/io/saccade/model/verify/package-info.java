/**
 * Compares a loaded model with reference tensors, and times its steps against a plain decoder that
 * is written in the plainest way.
 *
 * <p>It stands above {@link io.saccade.model} and is used by {@code model verify} and {@code bench
 * model}.
 */
package io.saccade.model.verify;
