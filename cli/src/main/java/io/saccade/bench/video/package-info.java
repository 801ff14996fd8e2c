/**
 * Measures the sampler: time against a full decoding, memory, and thousands of files in a row.
 *
 * <p>It uses the option and local packages of the command line and the video module.
 */
package io.saccade.bench.video;
