/**
 * The command {@code bench}, whose subcommands are the benchmarks of the packages below it.
 *
 * <p>It uses those packages and nothing else.
 */
package io.saccade.bench;
