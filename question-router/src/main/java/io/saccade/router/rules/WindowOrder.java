package io.saccade.router.rules;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.saccade.proto.v1.Window;

/** The windows of one feed in time. */
public final class WindowOrder {

  private WindowOrder() {}

  /**
   * Whether a window comes after another: by number in a session; else it must have ended later,
   * since sessions follow each other.
   */
  public static boolean isNewer(Window window, Window than) {
    return window.getSession().equals(than.getSession())
        ? Long.compareUnsigned(window.getNumber(), than.getNumber()) > 0
        : Timestamps.compare(window.getEnd(), than.getEnd()) > 0;
  }

  /** When a window ended, in milliseconds since the epoch. */
  public static long end(Window window) {
    return Timestamps.toMillis(window.getEnd());
  }

  /**
   * Whether a window ended at most so many times as long ago as it lasted, both as its frames were
   * received.
   *
   * @param now milliseconds since the epoch
   */
  public static boolean isWithinLengths(Window window, int lengths, long now) {
    long length = Durations.toMillis(Timestamps.between(window.getBegin(), window.getEnd()));
    return now - end(window) <= lengths * length;
  }
}
