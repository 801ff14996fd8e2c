/**
 * Decides what a reference to a video may open, a file below a root or a file on a web server, and
 * opens exactly that.
 *
 * <p>May use the root package only.
 */
@NullMarked
package io.saccade.video.access;

import org.jspecify.annotations.NullMarked;
