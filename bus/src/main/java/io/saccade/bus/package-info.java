/**
 * What every Kafka client of Saccade shares: {@link io.saccade.bus.BusConfig} (where the broker is
 * and how clients are set), {@link io.saccade.bus.WorkLoop} (at-least-once work on a topic whose
 * offsets follow finished work only), {@link io.saccade.bus.FrameLog} (a clip's frames out of the
 * log) and {@link io.saccade.bus.DeadLetters}.
 */
package io.saccade.bus;
