/**
 * The stores of a partition (videos, open questions, clips, windows, alert episodes) with the
 * indices over them, and the tables that all partitions share (models, standing questions).
 *
 * <p>Uses the root package and {@code rules}, the state messages of {@code v1}, and of Kafka
 * Streams only the stores.
 */
@NullMarked
package io.saccade.router.state;

import org.jspecify.annotations.NullMarked;
