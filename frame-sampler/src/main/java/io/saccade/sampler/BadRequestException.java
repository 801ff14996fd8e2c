package io.saccade.sampler;

/** A request asks for what no sampling can give, or what this sampler does not know. */
final class BadRequestException extends Exception {

  private static final long serialVersionUID = 1;

  BadRequestException(String message) {
    super(message);
  }

  BadRequestException(String message, Exception cause) {
    super(message, cause);
  }
}
