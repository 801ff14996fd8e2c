/**
 * The command line: reads arguments and settings, runs one command, and ends the process with its
 * exit code.
 *
 * <p>It may use every package. Each command is a class of {@link io.saccade.cli.command} or a
 * package below it, or of {@link io.saccade.bench}.
 */
package io.saccade.cli;
