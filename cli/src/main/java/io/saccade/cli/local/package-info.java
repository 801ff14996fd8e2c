/**
 * Runs roles in this process: the lifecycle of a process and its exit codes, all roles with an
 * embedded broker, a client that asks questions, and the shipped demo.
 *
 * <p>It may use the modules of the roles, but no other package of this module.
 */
package io.saccade.cli.local;
