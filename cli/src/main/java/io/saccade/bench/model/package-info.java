/**
 * Measures the model: ratios to a plain decoder, operations by frames, memory over thousands of
 * questions.
 *
 * <p>It uses the option and local packages of the command line and the model module.
 */
package io.saccade.bench.model;
