/**
 * FFmpeg's C API behind a few classes: containers read through a Java channel, packets, frames,
 * times.
 *
 * <p>It uses the root, access and image packages; every native object has one owner that closes it.
 */
package io.saccade.video.decode;
