/**
 * A failure test as a program: a whole service of separate processes, brokers included, that are
 * killed, frozen and restarted while questions come in, and the audit of what came of it. See
 * {@link io.saccade.chaos.Chaos}.
 */
package io.saccade.chaos;
