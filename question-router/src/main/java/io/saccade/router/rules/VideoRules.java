package io.saccade.router.rules;

import io.saccade.proto.Limits;
import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import java.util.Optional;

/**
 * Validates video references; only a sampler finds out whether a video can be opened. Public for
 * the package {@code flow} only.
 */
public final class VideoRules {

  /** Largest size in bytes, unknown fields included. */
  private static final int BYTES = 256 << 10;

  private VideoRules() {}

  /** The first rule that a reference with this record key breaks; empty if it is valid. */
  public static Optional<String> problem(String key, VideoReference video) {
    if (!video.getVideoId().equals(key)) {
      return Optional.of("the record's key must equal video_id");
    }
    if (!Limits.isId(video.getVideoId())) {
      return Optional.of("video_id must have 1 to " + Limits.ID_CHARS + " characters");
    }
    if (!Limits.isUri(video.getUri())) {
      return Optional.of("uri must have 1 to " + Limits.URI_CHARS + " characters");
    }
    if (video.getKind() == VideoKind.UNRECOGNIZED) {
      return Optional.of("kind=" + video.getKindValue() + ": is not a kind of video");
    }
    if (!labelsFit(video) || video.getSerializedSize() > BYTES) {
      return Optional.of(
          "at most " + Limits.LABELS + " labels of at most " + Limits.LABEL_CHARS + " characters");
    }
    return TimeRules.problem(video.getRange());
  }

  private static boolean labelsFit(VideoReference video) {
    return video.getLabelsCount() <= Limits.LABELS && Limits.areLabels(video.getLabelsMap());
  }

  /** Whether the video is a live feed. */
  public static boolean isLive(VideoReference video) {
    return video.getKind() == VideoKind.VIDEO_KIND_LIVE;
  }
}
