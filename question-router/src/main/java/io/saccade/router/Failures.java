package io.saccade.router;

import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;

/** Makes typed failures that keep the contract's bounds. */
final class Failures {

  /** Most characters of a failure's message. */
  private static final int MESSAGE_CHARS = 1_000;

  private Failures() {}

  static Failure of(FailureCode code, String message) {
    return Failure.newBuilder().setCode(code).setMessage(Text.cut(message, MESSAGE_CHARS)).build();
  }

  /** Somebody else's failure within our bounds; one without a code gets {@code fallback}. */
  static Failure bounded(Failure failure, FailureCode fallback) {
    int code = failure.getCodeValue() == 0 ? fallback.getNumber() : failure.getCodeValue();
    return Failure.newBuilder()
        .setCodeValue(code)
        .setMessage(Text.cut(failure.getMessage(), MESSAGE_CHARS))
        .setPassing(failure.getPassing())
        .build();
  }
}
