package io.saccade.video;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

/**
 * A frame of a live video.
 *
 * @param index its number among the frames taken from its session, from 0 without a gap
 * @param pts presentation time since the session's first frame, 0 or more
 * @param received when it was decoded, by this machine's clock
 * @param height in pixels
 * @param width in pixels
 * @param rgb uint8 [height, width, 3], the receiver's own
 */
public record LiveFrame(
    long index, Duration pts, Instant received, int height, int width, ByteBuffer rgb) {}
