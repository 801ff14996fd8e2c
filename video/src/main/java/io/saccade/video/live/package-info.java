/**
 * Follows a live source: picks frames at ticks, keeps time, notices stalls, and starts the decoder
 * process.
 *
 * <p>The top floor of the module; it may use every other package of it.
 */
package io.saccade.video.live;
