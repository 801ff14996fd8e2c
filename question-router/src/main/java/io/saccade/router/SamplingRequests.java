package io.saccade.router;

import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.TimeRange;
import io.saccade.proto.v1.VideoReference;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Which clip a question is about. */
final class SamplingRequests {

  /** Bytes of the digest that name a clip: collisions are out of the question below 2^60 clips. */
  private static final int ID_BYTES = 16;

  private SamplingRequests() {}

  /**
   * The clip of a question, without an attempt. Its id is the start of the SHA-256 of the request
   * itself (video id, uri, range, profile) as protobuf bytes, which name each field and give each
   * length and so are unambiguous; the message has no maps, so they are the same everywhere.
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
    return request.setClipId(digest(request.build())).build();
  }

  private static String digest(SamplingRequest request) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(request.toByteArray());
      return HexFormat.of().formatHex(Arrays.copyOf(hash, ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
