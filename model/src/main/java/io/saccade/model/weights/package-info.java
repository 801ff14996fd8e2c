/**
 * Reads and writes the weights of a checkpoint: safetensors files with bounded headers, and the
 * quantised form of linear maps.
 *
 * <p>It uses {@link io.saccade.model.config} alone; PyTorch is not needed.
 */
package io.saccade.model.weights;
