/**
 * Sampling requests and live feeds to frames in the log. {@link io.saccade.sampler.FrameSampler}
 * decodes a clip, publishes its frames and then the manifest that says where they lie; its feeds do
 * the same for each window.
 *
 * <p>From the topic to the source: FeedFollower knows which live references are ours, Feeds keeps
 * one Feed for each and each profile, which connects and reports; FeedConnection has its sessions,
 * WindowCutter cuts them, FrameWriter and WindowPublisher write what comes of it.
 */
package io.saccade.sampler;
