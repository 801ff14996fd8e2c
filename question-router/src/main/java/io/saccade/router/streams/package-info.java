/**
 * Runs the rules as a Kafka Streams application with exactly-once processing: topology, processors,
 * settings, health.
 *
 * <p>The top floor of the module; it may use every other package of it.
 */
package io.saccade.router.streams;
