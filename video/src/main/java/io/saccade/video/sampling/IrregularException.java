package io.saccade.video.sampling;

/**
 * Thrown if a video's frames differ from those that its packets predict, so that all of it has to
 * be decoded. Never leaves this package.
 */
final class IrregularException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IrregularException(String message) {
    super(message, null, false, false);
  }
}
