package io.saccade.router.flow;

import io.saccade.proto.Digests;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.VideoReference;

/** Which clip a question is about. */
public final class SamplingRequests {

  private SamplingRequests() {}

  /**
   * The clip of a question, without an attempt. Its id is the digest of the request itself: video
   * id, uri, range and profile.
   */
  public static SamplingRequest of(
      Question question, VideoReference video, SamplingProfile profile) {
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
