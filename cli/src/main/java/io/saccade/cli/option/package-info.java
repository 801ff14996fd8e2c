/**
 * Groups of options that several commands share, where their values come from, and how results are
 * printed.
 *
 * <p>It uses the local package and the modules whose configuration it builds.
 */
package io.saccade.cli.option;
