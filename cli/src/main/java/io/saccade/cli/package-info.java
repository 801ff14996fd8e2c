/**
 * The command line: reads arguments and settings, runs one command, and ends the process with its
 * exit code.
 *
 * <p>The top floor: it may use everything. Each command is a class of {@link
 * io.saccade.cli.command}.
 */
package io.saccade.cli;
