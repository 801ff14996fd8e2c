package io.saccade.proto;

/** A frame's bytes are not the pixels that its record promises. */
public final class FrameFormatException extends Exception {

  private static final long serialVersionUID = 1;

  FrameFormatException(String message) {
    super(message);
  }

  FrameFormatException(String message, Exception cause) {
    super(message, cause);
  }
}
