/**
 * Says what a checkpoint's folder holds and how much memory it takes, without loading PyTorch.
 *
 * <p>It reads through {@link io.saccade.model.weights} and the root package.
 */
package io.saccade.model.inspect;
