/**
 * The states of a question from its arrival to its answer: {@code Arbiter} decides, the flows store
 * the next state and send requests, answers and alerts.
 *
 * <p>Uses the root package, {@code rules} and {@code state}; of Kafka Streams only the context that
 * sends records, and the record.
 */
@NullMarked
package io.saccade.router.flow;

import org.jspecify.annotations.NullMarked;
