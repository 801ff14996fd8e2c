/**
 * A failure test as a program: it starts a whole installation as separate processes, kills and
 * freezes them while questions come in, and checks every answer.
 *
 * <p>It starts the command line by the name of its main class; {@link io.saccade.chaos.Chaos} is
 * the entry.
 */
package io.saccade.chaos;
