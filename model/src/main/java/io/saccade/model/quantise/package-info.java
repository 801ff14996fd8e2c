/**
 * Writes a smaller copy of a checkpoint, with int8 or int4 weights and an accuracy floor that it
 * measures.
 *
 * <p>It stands above {@link io.saccade.model} and {@link io.saccade.model.verify}.
 */
package io.saccade.model.quantise;
