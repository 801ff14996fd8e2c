/**
 * All roles in one process with an embedded broker, the lifecycle of a process, and the shipped
 * demo.
 *
 * <p>The lowest floor of the module.
 */
package io.saccade.cli.local;
