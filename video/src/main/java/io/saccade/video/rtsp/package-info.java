/**
 * Reads live sources over RTSP: the session, RTP packets, and their units put together as a
 * transport stream.
 *
 * <p>It uses the root, access, decode and feed packages.
 */
package io.saccade.video.rtsp;
