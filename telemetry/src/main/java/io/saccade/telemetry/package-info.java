/**
 * What every role says of itself: its health, its metrics by one list of names, its traces. Knows
 * of no broker and of no role.
 */
package io.saccade.telemetry;
