package io.saccade.chaos;

import java.util.Locale;

/** How a process is made to fail. */
public enum FailureKind {
  /** SIGKILL, and started again after a while. */
  KILL,
  /** SIGSTOP, and SIGCONT when the others have given it up. */
  FREEZE,
  /** SIGTERM, and started again when it has ended. */
  RESTART,
  /** It ended by itself, and was started again. */
  EXIT;

  /** For people. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
