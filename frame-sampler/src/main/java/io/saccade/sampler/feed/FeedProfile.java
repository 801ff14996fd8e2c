package io.saccade.sampler.feed;

import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.sampler.record.BadRequestException;
import io.saccade.sampler.record.SampleSpecs;
import io.saccade.video.ResizeRule;
import io.saccade.video.SampleSpec;

/**
 * An announced profile that feeds can be sampled with.
 *
 * @param profile within the contract's ranges
 * @param resize its resize rule
 */
record FeedProfile(SamplingProfile profile, ResizeRule resize) {

  /**
   * Checks a profile as a request for a clip would be.
   *
   * @throws BadRequestException if a value is out of its range or unknown
   */
  static FeedProfile of(SamplingProfile profile) throws BadRequestException {
    SampleSpec spec = SampleSpecs.spec(SamplingRequest.newBuilder().setProfile(profile).build());
    return new FeedProfile(profile, spec.resize());
  }
}
