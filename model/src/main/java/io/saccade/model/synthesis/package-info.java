/**
 * Writes checkpoints with random weights, in the released shapes or smaller ones, for rehearsals
 * and tests.
 *
 * <p>It uses the config, architecture, text and weights packages and the root package's checkpoint
 * reader.
 */
package io.saccade.model.synthesis;
