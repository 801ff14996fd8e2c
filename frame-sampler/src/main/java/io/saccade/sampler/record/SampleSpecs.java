package io.saccade.sampler.record;

import io.saccade.proto.Times;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;
import java.util.Optional;

/** Between the contract's sampling requests and the video module's specs. */
public final class SampleSpecs {

  private SampleSpecs() {}

  /**
   * What a request asks of its video.
   *
   * @throws BadRequestException if a value is out of its range or unknown
   */
  public static SampleSpec spec(SamplingRequest request) throws BadRequestException {
    SamplingProfile profile = request.getProfile();
    TimeRange range = request.getRange();
    ResizeRule resize = resize(profile);
    try {
      return new SampleSpec(
          profile.getFrames(),
          profile.getImageSize(),
          resize,
          Policies.of(profile),
          range.hasFrom() ? Optional.of(Times.java(range.getFrom())) : Optional.empty(),
          range.hasTo() ? Optional.of(Times.java(range.getTo())) : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new BadRequestException("the clip cannot be sampled: " + e.getMessage(), e);
    }
  }

  private static ResizeRule resize(SamplingProfile profile) throws BadRequestException {
    return switch (profile.getResize()) {
      case SHORTEST_EDGE_CENTER_CROP -> ResizeRule.SHORTEST_EDGE_CENTER_CROP;
      case SQUASH -> ResizeRule.SQUASH;
      case RESIZE_RULE_UNSPECIFIED, UNRECOGNIZED ->
          throw new BadRequestException(
              "the clip cannot be sampled: profile.resize=%d is not known to this sampler"
                  .formatted(profile.getResizeValue()));
    };
  }
}
