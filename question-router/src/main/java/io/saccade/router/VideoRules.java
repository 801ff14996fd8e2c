package io.saccade.router;

import io.saccade.proto.v1.VideoKind;
import io.saccade.proto.v1.VideoReference;
import java.util.Map;
import java.util.Optional;

/** What makes a video reference one that can be asked about; whether it opens is the sampler's. */
final class VideoRules {

  private static final int URI_CHARS = 4_096;
  private static final int LABELS = 64;
  private static final int LABEL_CHARS = 200;

  /** Most bytes with everything in it, also what this version does not know. */
  private static final int BYTES = 256 << 10;

  private VideoRules() {}

  /** What is wrong with a reference that came under {@code key}, or nothing. */
  static Optional<String> problem(String key, VideoReference video) {
    if (!video.getVideoId().equals(key)) {
      return Optional.of("the record's key must equal video_id");
    }
    if (!QuestionRules.isId(video.getVideoId())) {
      return Optional.of("video_id must have 1 to " + QuestionRules.ID_CHARS + " characters");
    }
    if (video.getUri().isBlank() || Text.length(video.getUri()) > URI_CHARS) {
      return Optional.of("uri must have 1 to " + URI_CHARS + " characters");
    }
    if (video.getKind() == VideoKind.UNRECOGNIZED) {
      return Optional.of("kind=" + video.getKindValue() + ": is not a kind of video");
    }
    if (!labelsFit(video) || video.getSerializedSize() > BYTES) {
      return Optional.of("at most " + LABELS + " labels of at most " + LABEL_CHARS + " characters");
    }
    return Moments.problem(video.getRange());
  }

  private static boolean labelsFit(VideoReference video) {
    return video.getLabelsCount() <= LABELS && areLabels(video.getLabelsMap());
  }

  /** Whether all names and values have the length of labels. */
  static boolean areLabels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .allMatch(
            label ->
                Text.length(label.getKey()) <= LABEL_CHARS
                    && Text.length(label.getValue()) <= LABEL_CHARS);
  }

  /** Whether the video is a feed. */
  static boolean isLive(VideoReference video) {
    return video.getKind() == VideoKind.VIDEO_KIND_LIVE;
  }
}
