/**
 * What a model is made of: an {@link io.saccade.model.architecture.Architecture} reads {@code
 * config.json} into a {@link io.saccade.model.architecture.ModelDescription}, whose parts each
 * bring their tensors and a file of TorchScript.
 *
 * <p>It uses {@link io.saccade.model.config} and {@link io.saccade.model.text}, and knows none of
 * the packages below it.
 */
package io.saccade.model.architecture;
