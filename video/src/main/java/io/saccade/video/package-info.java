/**
 * The values and interfaces that callers of this module use: what a video is, which frames are
 * wanted, where frames go, and the typed failures.
 *
 * <p>The lowest floor of the module: it uses no other package of it, no Kafka and no contract.
 * {@code sampling.VideoSampler} and {@code isolation.IsolatedSampler} sample a file, {@code
 * live.IsolatedLiveReader} follows a source; videos are taken to be hostile, and every failure is a
 * {@link io.saccade.video.VideoException} with a category.
 */
package io.saccade.video;
