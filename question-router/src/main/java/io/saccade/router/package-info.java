/**
 * Configuration, limits and counters of the question router, the only role that opens and closes
 * questions and writes {@code answers}.
 *
 * <p>Uses no other package of this module; {@code streams.QuestionRouter} runs the router, its
 * {@code flow.Arbiter} decides, validation is in {@code rules} and stored data in {@code state}.
 */
@NullMarked
package io.saccade.router;

import org.jspecify.annotations.NullMarked;
