/**
 * One class for each command, and what only commands need to print results.
 *
 * <p>It uses the option and local packages and the roles' modules.
 */
package io.saccade.cli.command;
