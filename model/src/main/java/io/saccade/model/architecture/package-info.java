/**
 * The shape of a network as read from {@code config.json}: vision tower, pathways, decoder, and the
 * tensors that they need.
 *
 * <p>It uses {@link io.saccade.model.config} alone.
 */
package io.saccade.model.architecture;
