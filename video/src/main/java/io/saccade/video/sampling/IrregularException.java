package io.saccade.video.sampling;

/**
 * A video turned out not to be what its packets promised, so only decoding all of it tells its
 * frames. Never leaves the module.
 */
final class IrregularException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IrregularException(String message) {
    super(message, null, false, false);
  }
}
