package io.saccade.broker;

/**
 * The embedded broker cannot start here; the message says why and what to do, in one sentence, for
 * a user to read without a stack trace.
 */
public final class BrokerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** With the reason as a sentence. */
  public BrokerException(String message) {
    super(message);
  }

  /** With the reason as a sentence, and what it was found by. */
  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
