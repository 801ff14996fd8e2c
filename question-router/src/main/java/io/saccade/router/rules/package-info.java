/**
 * Stateless checks of records from Kafka and of their fields, and the failures that refused
 * questions are answered with.
 *
 * <p>Uses the root package only.
 */
@NullMarked
package io.saccade.router.rules;

import org.jspecify.annotations.NullMarked;
