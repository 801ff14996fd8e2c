package io.saccade.proto;

import io.saccade.proto.v1.LiveOptions;
import java.time.Duration;

/**
 * How a live feed is cut: what {@link LiveOptions} say, with their defaults.
 *
 * @param window length of a window, 0.5 s to 10 min
 * @param hop from the start of a window to the start of the next, 0.1 s to 1 h
 */
public record LiveTimes(Duration window, Duration hop) {

  private static final Duration DEFAULT_WINDOW = Duration.ofSeconds(10);
  private static final Duration LEAST_WINDOW = Duration.ofMillis(500);
  private static final Duration MOST_WINDOW = Duration.ofMinutes(10);
  private static final Duration LEAST_HOP = Duration.ofMillis(100);
  private static final Duration MOST_HOP = Duration.ofHours(1);

  /** Checks the ranges. */
  public LiveTimes {
    require("window", window, LEAST_WINDOW, MOST_WINDOW);
    require("hop", hop, LEAST_HOP, MOST_HOP);
  }

  /**
   * The times of a reference's options.
   *
   * @throws IllegalArgumentException with one sentence, if one is outside its range
   */
  public static LiveTimes of(LiveOptions live) {
    Duration window = live.hasWindow() ? Times.java(live.getWindow()) : DEFAULT_WINDOW;
    return new LiveTimes(window, live.hasHop() ? Times.java(live.getHop()) : window);
  }

  private static void require(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "%s=%s: must be %s to %s".formatted(name, value, least, most));
    }
  }
}
