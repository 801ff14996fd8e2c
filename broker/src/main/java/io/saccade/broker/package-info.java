/**
 * A Kafka broker inside this process, alone or as one node of several, for trying things out and
 * for machines without one.
 *
 * <p>It uses {@link io.saccade.bus} for configuration errors, and the Kafka server.
 */
package io.saccade.broker;
