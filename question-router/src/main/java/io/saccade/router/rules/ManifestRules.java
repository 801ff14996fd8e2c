package io.saccade.router.rules;

import com.google.protobuf.util.Durations;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.SamplingPolicy;
import io.saccade.proto.v1.SamplingProfile;
import java.util.Optional;
import java.util.regex.Pattern;

/** Validates clip manifests. Public for the package {@code flow} only. */
public final class ManifestRules {

  /** Largest size in bytes; the entries of 4,096 frames take at most 180,000. */
  static final int BYTES = 512 << 10;

  private static final Pattern CLIP_ID = Pattern.compile("[0-9a-f]{32}");

  /** Far above the attempts of any clip, and far below an overflow. */
  private static final int ATTEMPTS = 1_000_000;

  private ManifestRules() {}

  /** Why the manifest cannot be assigned to a clip and a video; empty if it can. */
  public static Optional<String> unusable(String key, ClipManifest manifest) {
    if (!CLIP_ID.matcher(manifest.getClipId()).matches()) {
      return Optional.of("clip_id must be 32 lower-case hexadecimal digits");
    }
    return manifest.getVideoId().equals(key)
        ? Optional.empty()
        : Optional.of("the record's key must equal video_id");
  }

  /**
   * The first contradiction in the manifest of a sampled clip or window; empty if it is valid.
   *
   * @param now milliseconds since the epoch
   */
  public static Optional<String> problem(ClipManifest manifest, long now) {
    return manifest.hasWindow()
        ? problem(manifest).or(() -> WindowRules.problem(manifest.getWindow(), now))
        : problem(manifest);
  }

  private static Optional<String> problem(ClipManifest manifest) {
    int frames = manifest.getFramesCount();
    if (manifest.getAttempt() < 1 || manifest.getAttempt() > ATTEMPTS) {
      return Optional.of("attempt must be 1 to " + ATTEMPTS);
    }
    if (frames < 1 || !isNumber(frames, manifest.getProfile())) {
      return Optional.of(
          frames
              + " frames where the profile says "
              + Integer.toUnsignedString(manifest.getProfile().getFrames()));
    }
    if (manifest.getPartition() < 0) {
      return Optional.of("partition=" + manifest.getPartition() + " is negative");
    }
    if (manifest.getSerializedSize() > BYTES) {
      return Optional.of(manifest.getSerializedSize() + " bytes: the limit is " + BYTES);
    }
    for (int position = 0; position < frames; position++) {
      Optional<String> problem = problem(position, manifest.getFrames(position));
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the profile allows this number of frames; a policy by rate may give fewer than it
   * names.
   */
  private static boolean isNumber(int frames, SamplingProfile profile) {
    return profile.getPolicy() == SamplingPolicy.UNIFORM
        ? frames == profile.getFrames()
        : frames <= profile.getFrames();
  }

  private static Optional<String> problem(int position, FrameEntry frame) {
    if (frame.getPosition() != position) {
      return Optional.of("entry " + position + " names another position");
    }
    if (frame.getOffset() < 0) {
      return Optional.of("entry " + position + " has a negative offset");
    }
    return Durations.isValid(frame.getPts())
        ? Optional.empty()
        : Optional.of("entry " + position + " has no valid pts");
  }
}
