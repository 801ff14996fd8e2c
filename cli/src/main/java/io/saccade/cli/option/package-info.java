/**
 * Groups of options that several commands share, the sources of their values (command line,
 * properties file, environment), and how results are printed.
 *
 * <p>It may use the package {@link io.saccade.cli.local} and the modules whose configuration it
 * builds.
 */
package io.saccade.cli.option;
