/**
 * Reads live sources over RTSP and reassembles their RTP packets as an MPEG transport stream.
 *
 * <p>May use the root, access, decode and feed packages.
 */
@NullMarked
package io.saccade.video.rtsp;

import org.jspecify.annotations.NullMarked;
