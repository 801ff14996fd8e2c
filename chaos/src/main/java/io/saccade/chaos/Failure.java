package io.saccade.chaos;

import java.time.Instant;

/**
 * A failure of a process.
 *
 * @param node the process's name, e.g. {@code worker-2}
 * @param begin when it was hit
 * @param end when it was started again or went on
 */
public record Failure(FailureKind kind, Part part, String node, Instant begin, Instant end) {}
