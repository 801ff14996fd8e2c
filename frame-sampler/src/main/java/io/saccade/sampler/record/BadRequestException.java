package io.saccade.sampler.record;

/** A request asks for what no sampling can give, or what this sampler does not know. */
public final class BadRequestException extends Exception {

  private static final long serialVersionUID = 1;

  public BadRequestException(String message) {
    super(message);
  }

  public BadRequestException(String message, Exception cause) {
    super(message, cause);
  }
}
