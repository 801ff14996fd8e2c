package io.saccade.cli.command.video;

import io.saccade.cli.option.TerminalText;
import io.saccade.video.VideoException;
import org.slf4j.LoggerFactory;

/**
 * The reason why a file could not be read; its components are members of a JSON object.
 *
 * @param category a {@link VideoException.Category}, or {@code INTERNAL} for a fault of Saccade
 * @param message one sentence
 * @param decodedFrames frames that can be decoded of a damaged video, else 0
 */
record VideoFailure(String category, String message, int decodedFrames) {

  /** The failure that an exception means. The trace of an unexpected one is logged at debug. */
  static VideoFailure of(Throwable thrown) {
    if (thrown instanceof VideoException e) {
      return new VideoFailure(
          e.category().name(), TerminalText.oneLine(e.getMessage()), e.decodedFrames());
    }
    LoggerFactory.getLogger(VideoFailure.class).debug("event=unexpected_error", thrown);
    return new VideoFailure("INTERNAL", TerminalText.oneLine(thrown.toString()), 0);
  }

  /** The failure as one line of text. */
  @Override
  public String toString() {
    return category + ": " + message;
  }
}
