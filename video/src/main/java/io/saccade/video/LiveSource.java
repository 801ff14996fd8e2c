package io.saccade.video;

/** Stub. */
public record LiveSource(String uri, double speed) {}
