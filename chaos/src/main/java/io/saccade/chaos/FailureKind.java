package io.saccade.chaos;

import java.util.Locale;

/** How a process fails. */
public enum FailureKind {
  /** Killed with SIGKILL and started again after a while. */
  KILL,
  /** Stopped with SIGSTOP and continued with SIGCONT after its session has expired. */
  FREEZE,
  /** Terminated with SIGTERM and started again when it has ended. */
  RESTART,
  /** Ended by itself and started again. */
  EXIT;

  /** The name in reports, in lower case. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
