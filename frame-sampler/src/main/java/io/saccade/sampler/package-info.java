/**
 * Sampling requests to frames in the log: {@link io.saccade.sampler.FrameSampler} decodes a clip,
 * publishes its frames and then the manifest that says where they lie.
 */
package io.saccade.sampler;
