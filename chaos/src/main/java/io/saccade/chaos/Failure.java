package io.saccade.chaos;

import java.time.Instant;

/**
 * A failure of a process.
 *
 * @param node the name of the process, e.g. {@code worker-2}
 * @param begin when the process was made to fail or ended by itself
 * @param end when the process was started again or continued
 */
public record Failure(FailureKind kind, Part part, String node, Instant begin, Instant end) {}
