/**
 * Sampling requests and live feeds to frames in the log: {@link io.saccade.sampler.FrameSampler}
 * decodes a clip, publishes its frames, and then the manifest that says where they lie.
 *
 * <p>The top floor of the module; callers use {@link io.saccade.sampler.FrameSampler} and {@link
 * io.saccade.sampler.SamplerConfig}.
 */
package io.saccade.sampler;
