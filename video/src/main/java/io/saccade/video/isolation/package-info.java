/**
 * Runs decoders in child processes, so that a file that crashes FFmpeg does not crash the caller.
 *
 * <p>May use the root, decode and sampling packages. The replies of a child are parsed as untrusted
 * bytes.
 */
@NullMarked
package io.saccade.video.isolation;

import org.jspecify.annotations.NullMarked;
