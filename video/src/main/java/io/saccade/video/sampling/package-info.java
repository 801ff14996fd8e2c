/**
 * Takes exact frames from a file and decodes no more of it than those frames need.
 *
 * <p>May use the root and decode packages.
 */
@NullMarked
package io.saccade.video.sampling;

import org.jspecify.annotations.NullMarked;
