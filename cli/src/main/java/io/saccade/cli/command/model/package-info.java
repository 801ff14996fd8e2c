/**
 * The commands below {@code saccade model}: inspect, quantize, synthesize, verify.
 *
 * <p>It may use the packages {@link io.saccade.cli.option} and {@link io.saccade.cli.local} and the
 * module {@code model}.
 */
package io.saccade.cli.command.model;
