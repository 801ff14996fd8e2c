package io.saccade.video;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * One distinct frame of the sample. If a video has fewer frames than the sample, frames are
 * repeated; a repeated frame is delivered once, with the number of positions that it fills.
 *
 * @param firstPosition first position in the sample that this frame fills, 0-based
 * @param positions number of consecutive positions it fills, at least 1
 * @param frameIndex its index among the frames of the (ranged) video in presentation order
 * @param pts presentation time on the stream's own clock; may be negative
 * @param width width in pixels
 * @param height height in pixels
 * @param rgb uint8 [height, width, 3], RGB; a heap buffer of exactly that size, allocated for this
 *     frame and owned by the receiver
 */
public record SampledFrame(
    int firstPosition,
    int positions,
    int frameIndex,
    Duration pts,
    int width,
    int height,
    ByteBuffer rgb) {}
