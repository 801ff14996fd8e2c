/**
 * The command line: {@link io.saccade.cli.Main} and one class per command. Settings come from
 * flags, then a properties file, then the environment; mistakes end in one line on standard error.
 */
package io.saccade.cli;
