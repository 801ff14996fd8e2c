package io.saccade.video.live;

/**
 * Decides where the sessions of a live video begin and which frames are taken for ticks. All times
 * are in nanoseconds. Not thread-safe.
 */
final class LiveClock {
  /**
   * A frame whose time is less than this before the last one is out of order and ignored; a larger
   * step back begins a session.
   */
  private static final long MAX_DISORDER = 1_000_000_000;

  private final long step;
  private final long jump;
  private boolean sessionEnded = true;
  private boolean begins;
  private long origin;
  private long last;
  private long nextTick;
  private long index;
  private int width;
  private int height;

  /**
   * A clock before its first frame.
   *
   * @param step time between ticks
   * @param jump a frame that is this much later than the last one begins a session
   */
  LiveClock(long step, long jump) {
    this.step = step;
    this.jump = jump;
  }

  /** Ends the session: the next frame begins a new one, whatever its time. */
  void endSession() {
    sessionEnded = true;
  }

  /**
   * Assigns the next frame to a session.
   *
   * @param pts presentation time on the source's clock
   * @return false if the frame is out of order and has to be ignored
   */
  boolean place(long pts, int frameWidth, int frameHeight) {
    double passed = (double) pts - last; // must not overflow
    begins =
        sessionEnded
            || frameWidth != width
            || frameHeight != height
            || passed >= jump
            || passed <= -MAX_DISORDER;
    if (begins) {
      sessionEnded = false;
      width = frameWidth;
      height = frameHeight;
      origin = pts;
      nextTick = 0;
      index = 0;
    } else if (passed <= 0) {
      return false;
    }
    last = pts;
    return true;
  }

  /** Whether the last frame is the first one of a session. */
  boolean begins() {
    return begins;
  }

  /** The time from its session's first frame to the last frame. */
  long sinceStart() {
    return last - origin;
  }

  /** Whether the last frame is at or after a tick that has no frame yet. */
  boolean due() {
    return sinceStart() >= nextTick;
  }

  /**
   * Takes the last frame for the tick that is due.
   *
   * @return the index of the frame among those taken from the session
   */
  long take() {
    nextTick = (sinceStart() / step + 1) * step;
    return index++;
  }
}
