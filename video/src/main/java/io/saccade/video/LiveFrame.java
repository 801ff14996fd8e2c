package io.saccade.video;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;

/** Stub. */
public record LiveFrame(
    long index, Duration pts, Instant received, int height, int width, ByteBuffer rgb) {}
