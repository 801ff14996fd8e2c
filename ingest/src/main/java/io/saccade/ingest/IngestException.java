package io.saccade.ingest;

/**
 * The broker did not do what it was asked; the message says what and what to do, in one sentence,
 * for a user to read without a stack trace.
 */
public class IngestException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** With the reason as a sentence. */
  public IngestException(String message) {
    super(message);
  }

  /** With the reason as a sentence, and what it was found by. */
  public IngestException(String message, Throwable cause) {
    super(message, cause);
  }

  /** No broker answers, or not in time. */
  public static final class Unreachable extends IngestException {

    private static final long serialVersionUID = 1;

    /** With the reason as a sentence, and what it was found by. */
    public Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** A record is larger than the log takes, whenever it is sent. */
  public static final class TooLarge extends IngestException {

    private static final long serialVersionUID = 1;

    /** With the reason as a sentence, and what it was found by. */
    public TooLarge(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
