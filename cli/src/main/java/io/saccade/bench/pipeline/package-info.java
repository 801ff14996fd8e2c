/**
 * Measures how many questions the whole pipeline answers in a second.
 *
 * <p>It uses the option and local packages of the command line.
 */
package io.saccade.bench.pipeline;
