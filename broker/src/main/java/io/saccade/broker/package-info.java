/**
 * A Kafka broker inside this process, alone or as one node of a quorum, optionally with TLS, SCRAM
 * and access lists.
 *
 * <p>Uses {@link io.saccade.bus} for configuration errors, and the Kafka server.
 */
@NullMarked
package io.saccade.broker;

import org.jspecify.annotations.NullMarked;
