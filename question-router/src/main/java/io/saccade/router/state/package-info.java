/**
 * The stores of a partition: open questions, clips, windows, alerts, standing questions, with the
 * indices over them.
 *
 * <p>It uses the root and rules packages.
 */
package io.saccade.router.state;
