package io.saccade.sampler.feed;

import io.saccade.proto.LiveTimes;
import io.saccade.proto.v1.VideoReference;
import io.saccade.sampler.record.BadRequestException;
import io.saccade.video.LiveSource;

/**
 * What a live reference asks for; a reference with an equal plan changes nothing.
 *
 * @param source where the feed comes from
 * @param times how it is cut
 */
record FeedPlan(LiveSource source, LiveTimes times) {

  /**
   * The plan of a reference.
   *
   * @throws BadRequestException if a field is outside the contract's range
   */
  static FeedPlan of(VideoReference video) throws BadRequestException {
    double speed = video.getLive().getSpeed();
    try {
      return new FeedPlan(
          new LiveSource(video.getUri(), speed == 0 ? 1 : speed), LiveTimes.of(video.getLive()));
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("the feed cannot be followed: " + e.getMessage(), e);
    }
  }
}
