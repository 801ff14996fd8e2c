package io.saccade.video;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

/**
 * A frame of a live video.
 *
 * @param index number of the frame among those taken from its session; starts at 0, without gaps
 * @param pts presentation time since the session's first frame; not negative
 * @param received when it was decoded, on this machine's clock
 * @param height height in pixels
 * @param width width in pixels
 * @param rgb uint8 [height, width, 3], RGB; owned by the receiver
 */
public record LiveFrame(
    long index, Duration pts, Instant received, int height, int width, ByteBuffer rgb) {}
