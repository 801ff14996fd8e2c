/**
 * Wraps FFmpeg's C API: containers read through a Java channel, packets, frames, times.
 *
 * <p>May use the root, access and image packages. Every native object has one owner, which closes
 * it.
 */
@NullMarked
package io.saccade.video.decode;

import org.jspecify.annotations.NullMarked;
