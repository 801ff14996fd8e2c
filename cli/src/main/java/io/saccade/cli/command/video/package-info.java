/**
 * The commands about video files: sample and inspect.
 *
 * <p>It uses the option and local packages and the video module.
 */
package io.saccade.cli.command.video;
