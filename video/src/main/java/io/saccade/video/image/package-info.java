/**
 * Orients and resizes pictures: display orientation, and Pillow's antialiased bicubic resize in
 * Java.
 *
 * <p>May use the root package only; of FFmpeg it reads a frame's display matrix.
 */
@NullMarked
package io.saccade.video.image;

import org.jspecify.annotations.NullMarked;
