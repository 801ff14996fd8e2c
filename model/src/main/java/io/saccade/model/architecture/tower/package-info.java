/**
 * Vision towers that architectures share, each a record of its shape and a file of TorchScript.
 *
 * <p>It uses {@link io.saccade.model.architecture} and {@link io.saccade.model.config}; public for
 * the packages of architectures only.
 */
package io.saccade.model.architecture.tower;
