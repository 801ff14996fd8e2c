package io.saccade.bus;

/**
 * What is known of a record that is not below its partition's committed offset.
 *
 * @param crashes how often a process ended without a word while this record alone was under way, 0
 *     to 9
 */
record RecordState(State state, int crashes) {

  /** Of a record that nobody has begun. */
  static final RecordState FRESH = new RecordState(State.FRESH, 0);

  /** Of a record that needs no more work. */
  static final RecordState DONE = new RecordState(State.DONE, 0);

  private static final int MAX_CRASHES = 9;

  /** How far a record is. */
  enum State {
    /** Nobody has begun it. */
    FRESH,
    /** Under way, with others. */
    BEGUN,
    /** Was under way when a process crashed; not begun since. */
    SUSPECT,
    /** A suspect under way, and nothing else in its process. */
    ALONE,
    /** Finished, behind another that is not. */
    DONE
  }

  /** Checks the range. */
  RecordState {
    if (crashes < 0 || crashes > MAX_CRASHES) {
      throw new IllegalArgumentException("crashes=" + crashes + ": must be 0 to " + MAX_CRASHES);
    }
  }

  boolean isDone() {
    return state == State.DONE;
  }

  boolean isSuspect() {
    return state == State.SUSPECT;
  }

  /** The record is being begun. */
  RecordState begun() {
    return switch (state) {
      case FRESH -> new RecordState(State.BEGUN, crashes);
      case SUSPECT -> new RecordState(State.ALONE, crashes);
      case BEGUN, ALONE, DONE -> this;
    };
  }

  /** The record is left as it was before it was begun: nothing crashed. */
  RecordState released() {
    return switch (state) {
      case BEGUN -> new RecordState(State.FRESH, crashes);
      case ALONE -> new RecordState(State.SUSPECT, crashes);
      case FRESH, SUSPECT, DONE -> this;
    };
  }

  /** What the next member of the group makes of it: who has not released a record has crashed. */
  RecordState inherited() {
    return switch (state) {
      case BEGUN -> new RecordState(State.SUSPECT, crashes);
      case ALONE -> new RecordState(State.SUSPECT, Math.min(crashes + 1, MAX_CRASHES));
      case FRESH, SUSPECT, DONE -> this;
    };
  }
}
