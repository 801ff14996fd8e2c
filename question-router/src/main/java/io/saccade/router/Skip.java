package io.saccade.router;

/** Why a window of a standing question is not answered. */
enum Skip {
  REPLACED(RouterEvent.SKIPPED_REPLACED),
  STALE(RouterEvent.SKIPPED_STALE),
  EXPIRED(RouterEvent.SKIPPED_EXPIRED),
  CANCELLED(RouterEvent.SKIPPED_CANCELLED),
  CROWDED(RouterEvent.SKIPPED_CROWDED);

  private final RouterEvent event;

  Skip(RouterEvent event) {
    this.event = event;
  }

  /** How it is counted. */
  RouterEvent event() {
    return event;
  }
}
