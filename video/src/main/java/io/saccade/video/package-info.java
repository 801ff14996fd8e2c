/**
 * Frames out of videos: open, decode, orient, resize.
 *
 * <p>{@link io.saccade.video.VideoAccess} says what a stranger's reference may open. {@link
 * io.saccade.video.VideoSampler} takes N frames of a file, exactly: it drives FFmpeg's C API and
 * hands square RGB frames to a {@link io.saccade.video.FrameSink}. {@link
 * io.saccade.video.IsolatedSampler} has it do so in another process. {@link
 * io.saccade.video.IsolatedLiveReader} follows a live video and hands frames at ticks to a {@link
 * io.saccade.video.LiveSink}; it alone speaks to the network. Videos are taken to be hostile:
 * nothing but the one named is ever opened, and every failure is a {@link
 * io.saccade.video.VideoException} with a category. The package knows nothing of Kafka.
 */
package io.saccade.video;
