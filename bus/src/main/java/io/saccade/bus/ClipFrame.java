package io.saccade.bus;

import io.saccade.proto.v1.Pathway;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * What stands at one position of a clip.
 *
 * @param position from 0 in the clip
 * @param frameIndex the frame's number in the range that the clip was sampled from, from 0
 * @param pts presentation time in the video; may be negative
 * @param pathway the pathways that the position feeds
 * @param rgb uint8 [S, S, 3], channels red, green, blue; read-only, and shared by positions that
 *     repeat a frame
 */
public record ClipFrame(
    int position, int frameIndex, Duration pts, Pathway pathway, ByteBuffer rgb) {}
