package io.saccade.video.live;

/**
 * The times of a live video: where its sessions begin, and which frames stand at a tick. All times
 * are in nanoseconds.
 */
final class LiveClock {
  /** Less than this back is a frame out of order, which is left out; more is another beginning. */
  private static final long DISORDER = 1_000_000_000;

  private final long step;
  private final long jump;
  private boolean fresh = true;
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
   * @param step from tick to tick
   * @param jump a frame so much later than the last one begins a session
   */
  LiveClock(long step, long jump) {
    this.step = step;
    this.jump = jump;
  }

  /** The next frame begins a session, whatever its time. */
  void breakOff() {
    fresh = true;
  }

  /**
   * Places the next frame.
   *
   * @param pts on the source's clock
   * @return false if it is out of order and does not count
   */
  boolean place(long pts, int frameWidth, int frameHeight) {
    double passed = (double) pts - last; // must not overflow
    begins =
        fresh
            || frameWidth != width
            || frameHeight != height
            || passed >= jump
            || passed <= -DISORDER;
    if (begins) {
      fresh = false;
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

  /** Whether the frame placed last is the first of a session. */
  boolean begins() {
    return begins;
  }

  /** Time of the frame placed last since its session's first frame. */
  long sinceStart() {
    return last - origin;
  }

  /** Whether the frame placed last is at or after a tick that has no frame yet. */
  boolean due() {
    return sinceStart() >= nextTick;
  }

  /**
   * Gives the tick the frame placed last.
   *
   * @return its number among those taken from the session
   */
  long take() {
    nextTick = (sinceStart() / step + 1) * step;
    return index++;
  }
}
