package io.saccade.router.rules;

import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;

/** Makes typed failures that keep the contract's bounds. */
public final class Failures {

  /** Most characters of a failure's message. */
  private static final int MESSAGE_CHARS = 1_000;

  private Failures() {}

  public static Failure of(FailureCode code, String message) {
    return Failure.newBuilder()
        .setCode(code)
        .setMessage(LogText.cut(message, MESSAGE_CHARS))
        .build();
  }

  /** Somebody else's failure within our bounds; one without a code gets {@code fallback}. */
  public static Failure bounded(Failure failure, FailureCode fallback) {
    int code = failure.getCodeValue() == 0 ? fallback.getNumber() : failure.getCodeValue();
    return Failure.newBuilder()
        .setCodeValue(code)
        .setMessage(LogText.cut(failure.getMessage(), MESSAGE_CHARS))
        .setPassing(failure.getPassing())
        .build();
  }
}
