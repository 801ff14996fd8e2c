/**
 * Between the video module and the contract: what a request asks of a video, and how frames,
 * manifests and failures are written.
 *
 * <p>The lowest floor of the module.
 */
package io.saccade.sampler.record;
