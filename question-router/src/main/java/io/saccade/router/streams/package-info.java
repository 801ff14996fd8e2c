/**
 * Runs the arbiter as a Kafka Streams application with exactly-once processing: topology,
 * processors, settings and health.
 *
 * <p>May use every other package of the module; only {@code QuestionRouter} is used outside of it.
 */
@NullMarked
package io.saccade.router.streams;

import org.jspecify.annotations.NullMarked;
