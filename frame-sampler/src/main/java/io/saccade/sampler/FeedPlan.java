package io.saccade.sampler;

import io.saccade.proto.Times;
import io.saccade.proto.v1.LiveOptions;
import io.saccade.proto.v1.VideoReference;
import io.saccade.video.LiveSource;
import java.time.Duration;

/**
 * What a live reference asks for; a reference with an equal plan changes nothing.
 *
 * @param source where the feed comes from
 * @param window length of a window
 * @param hop from the start of a window to the start of the next
 */
record FeedPlan(LiveSource source, Duration window, Duration hop) {

  private static final Duration DEFAULT_WINDOW = Duration.ofSeconds(10);
  private static final Duration LEAST_WINDOW = Duration.ofMillis(500);
  private static final Duration MOST_WINDOW = Duration.ofMinutes(10);
  private static final Duration LEAST_HOP = Duration.ofMillis(100);
  private static final Duration MOST_HOP = Duration.ofHours(1);

  /**
   * The plan of a reference.
   *
   * @throws BadRequestException if an option is outside the contract's range
   */
  static FeedPlan of(VideoReference video) throws BadRequestException {
    LiveOptions live = video.getLive();
    Duration window = live.hasWindow() ? Times.java(live.getWindow()) : DEFAULT_WINDOW;
    Duration hop = live.hasHop() ? Times.java(live.getHop()) : window;
    require("live.window", window, LEAST_WINDOW, MOST_WINDOW);
    require("live.hop", hop, LEAST_HOP, MOST_HOP);
    return new FeedPlan(source(video), window, hop);
  }

  private static LiveSource source(VideoReference video) throws BadRequestException {
    double speed = video.getLive().getSpeed();
    try {
      return new LiveSource(video.getUri(), speed == 0 ? 1 : speed);
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("the feed cannot be followed: " + e.getMessage(), e);
    }
  }

  private static void require(String name, Duration value, Duration least, Duration most)
      throws BadRequestException {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new BadRequestException(
          "the feed cannot be followed: %s=%s must be %s to %s"
              .formatted(name, value, least, most));
    }
  }
}
