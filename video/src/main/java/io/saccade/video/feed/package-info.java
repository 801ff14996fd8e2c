/**
 * Reads live sources over HTTP, HLS and UDP and passes their bytes to a decoder process.
 *
 * <p>It uses the root, access and isolation packages.
 */
package io.saccade.video.feed;
