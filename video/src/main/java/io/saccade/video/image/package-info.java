/**
 * Turns and resizes pictures: orientation, and Pillow's antialiased bicubic resize in Java.
 *
 * <p>It uses the root package alone, and no FFmpeg.
 */
package io.saccade.video.image;
