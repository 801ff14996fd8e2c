package io.saccade.video;

import java.time.Duration;

/** Stub. */
public record LiveSpec(
    Duration step, int imageSize, ResizeRule resize, Duration stall, Duration connectTimeout) {}
