/**
 * Decides what a reference to a video may open, a file below a root or a file on a web server, and
 * opens exactly that.
 *
 * <p>It uses the root package alone.
 */
package io.saccade.video.access;
