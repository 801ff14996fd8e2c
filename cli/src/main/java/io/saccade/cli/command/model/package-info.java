/**
 * The commands about checkpoints: inspect, quantize, synthesize, verify.
 *
 * <p>It uses the option and local packages and the model module.
 */
package io.saccade.cli.command.model;
