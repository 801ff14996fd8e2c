/**
 * Reads live sources over HTTP, HLS and UDP and sends their bytes to a decoder process.
 *
 * <p>May use the root, access and isolation packages.
 */
@NullMarked
package io.saccade.video.feed;

import org.jspecify.annotations.NullMarked;
