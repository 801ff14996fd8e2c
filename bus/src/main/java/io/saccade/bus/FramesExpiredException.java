package io.saccade.bus;

/** A clip's frames are not in the log where its manifest says, or are not what it says. */
public final class FramesExpiredException extends Exception {

  private static final long serialVersionUID = 1;

  FramesExpiredException(String message) {
    super(message);
  }
}
