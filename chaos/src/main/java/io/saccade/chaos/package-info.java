/**
 * A failure test as a program: it starts a whole installation as separate processes, kills and
 * freezes them while questions are asked, and checks every answer.
 *
 * <p>Starts the command line by the name of its main class; uses {@code ingest} to ask, and {@code
 * video} and {@code inference-worker} to compute the correct answers. {@link
 * io.saccade.chaos.Chaos} is the entry.
 */
@NullMarked
package io.saccade.chaos;

import org.jspecify.annotations.NullMarked;
