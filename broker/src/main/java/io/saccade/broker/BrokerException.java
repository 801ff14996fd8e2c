package io.saccade.broker;

/**
 * The embedded broker cannot start. The message names the reason and what to do in one sentence,
 * for a user to read without a stack trace.
 */
public final class BrokerException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** An exception with this message. */
  public BrokerException(String message) {
    super(message);
  }

  /** An exception with this message and cause. */
  public BrokerException(String message, Throwable cause) {
    super(message, cause);
  }
}
