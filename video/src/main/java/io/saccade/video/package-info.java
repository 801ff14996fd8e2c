/**
 * The values and interfaces that callers of this module use: a video, which frames to take from it,
 * where the frames go, and the typed failures.
 *
 * <p>The lowest package of the module: it may use no other one, and the module uses neither Kafka
 * nor the contract. {@code sampling.VideoSampler} and {@code isolation.IsolatedSampler} sample a
 * file, {@code live.IsolatedLiveReader} follows a live source. Only {@code access.VideoAccess}
 * (downloads) and {@code live.IsolatedLiveReader} connect to the network, each to addresses that
 * were checked. Every video is treated as hostile, and every failure is a {@link
 * io.saccade.video.VideoException} with a category.
 */
@NullMarked
package io.saccade.video;

import org.jspecify.annotations.NullMarked;
