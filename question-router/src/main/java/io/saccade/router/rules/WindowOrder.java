package io.saccade.router.rules;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.saccade.proto.v1.Window;

/**
 * Orders the windows of one feed. Public for the packages {@code state} and {@code flow} only.
 *
 * <p>See decision 64 in {@code docs/decisions.md}.
 */
public final class WindowOrder {

  private WindowOrder() {}

  /**
   * Whether a window comes after another: within a session by number, between sessions by end,
   * because the sessions of a feed do not overlap.
   */
  public static boolean isNewer(Window window, Window than) {
    return window.getSession().equals(than.getSession())
        ? Long.compareUnsigned(window.getNumber(), than.getNumber()) > 0
        : Timestamps.compare(window.getEnd(), than.getEnd()) > 0;
  }

  /** The end of a window in milliseconds since the epoch. */
  public static long end(Window window) {
    return Timestamps.toMillis(window.getEnd());
  }

  /**
   * Whether a window ended at most {@code lengths} times its own length ago; its length is the time
   * in which its frames were received.
   *
   * @param now milliseconds since the epoch
   */
  public static boolean isWithinLengths(Window window, int lengths, long now) {
    long length = Durations.toMillis(Timestamps.between(window.getBegin(), window.getEnd()));
    return now - end(window) <= lengths * length;
  }
}
