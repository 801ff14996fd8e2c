/**
 * Takes chosen frames of a file exactly, and decodes no more of the file than they need.
 *
 * <p>It uses the root and decode packages.
 */
package io.saccade.video.sampling;
