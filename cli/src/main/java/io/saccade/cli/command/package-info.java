/**
 * The commands: one class for each, and what they need to print results. Commands that are grouped
 * under one name ({@code model}, {@code video}) have a package of their own below.
 *
 * <p>It may use the packages {@link io.saccade.cli.option} and {@link io.saccade.cli.local} and the
 * modules of the roles, but no other command's package.
 */
package io.saccade.cli.command;
