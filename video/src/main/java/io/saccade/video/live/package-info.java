/**
 * Follows a live source: selects frames at ticks, divides the video into sessions, detects stalls,
 * and runs the decoder process.
 *
 * <p>The highest package of the module: may use every other one.
 */
@NullMarked
package io.saccade.video.live;

import org.jspecify.annotations.NullMarked;
