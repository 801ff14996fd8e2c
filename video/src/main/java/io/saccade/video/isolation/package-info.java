/**
 * Runs decoders in child processes, so that a file which crashes FFmpeg does not crash the caller.
 *
 * <p>It uses the root, decode and sampling packages; what a child replies is read as bytes from
 * outside.
 */
package io.saccade.video.isolation;
