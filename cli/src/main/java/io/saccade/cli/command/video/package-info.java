/**
 * The commands below {@code saccade video}: sample and inspect.
 *
 * <p>It may use the packages {@link io.saccade.cli.option} and {@link io.saccade.cli.local} and the
 * module {@code video}.
 */
package io.saccade.cli.command.video;
