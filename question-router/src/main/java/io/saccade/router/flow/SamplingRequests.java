package io.saccade.router.flow;

import io.saccade.proto.Digests;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.VideoReference;

/**
 * Derives the clip that a question is about.
 *
 * <p>See decision 3 in {@code docs/decisions.md}.
 */
final class SamplingRequests {

  private SamplingRequests() {}

  /**
   * The sampling request of a question's clip, without an attempt. The clip id is the digest of the
   * request: video id, uri, range and profile.
   */
  static SamplingRequest of(Question question, VideoReference video, SamplingProfile profile) {
    SamplingRequest.Builder request =
        SamplingRequest.newBuilder()
            .setVideoId(video.getVideoId())
            .setUri(video.getUri())
            .setProfile(profile);
    TimeRange range = question.hasRange() ? question.getRange() : video.getRange();
    if (range.hasFrom() || range.hasTo()) {
      request.setRange(range);
    }
    if (question.getFrames() != 0) {
      request.getProfileBuilder().setFrames(question.getFrames());
    }
    return request.setClipId(Digests.of(request.build())).build();
  }
}
