package io.saccade.router.rules;

import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;

/**
 * Creates failures within the contract's bounds. Public for the packages {@code state} and {@code
 * flow} only.
 */
public final class Failures {

  /** Largest number of characters of a failure's message. */
  private static final int MESSAGE_CHARS = 1_000;

  private Failures() {}

  /** A failure of this code; a message that is too long is cut. */
  public static Failure of(FailureCode code, String message) {
    return Failure.newBuilder()
        .setCode(code)
        .setMessage(LogText.cut(message, MESSAGE_CHARS))
        .build();
  }

  /**
   * Another role's failure with its message cut; a failure without a code gets {@code fallback}.
   */
  public static Failure bounded(Failure failure, FailureCode fallback) {
    int code = failure.getCodeValue() == 0 ? fallback.getNumber() : failure.getCodeValue();
    return Failure.newBuilder()
        .setCodeValue(code)
        .setMessage(LogText.cut(failure.getMessage(), MESSAGE_CHARS))
        .setPassing(failure.getPassing())
        .build();
  }
}
