package io.saccade.video;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What to take from a video.
 *
 * <p>The range is half-open and selects by presentation time: a frame belongs to it if {@code from
 * <= pts < to}. Times are on the stream's own clock, which {@link SampledFrame#pts()} reports: it
 * usually starts at 0, but a recording may start at any time, also a negative one. See decision 17
 * in {@code docs/decisions.md}.
 *
 * @param frames N, the number of frames to take, 1 to 4096; a policy by rate may take fewer
 * @param imageSize edge of the square frames in pixels, 16 to 2048
 * @param resize how a frame becomes a square
 * @param policy selects the frames
 * @param from start of the range, inclusive; absent for the start of the video
 * @param to end of the range, exclusive; absent for the end of the video
 */
public record SampleSpec(
    int frames,
    int imageSize,
    ResizeRule resize,
    SamplingPolicy policy,
    Optional<Duration> from,
    Optional<Duration> to) {

  /** Largest number of frames that can be asked for. */
  public static final int MAX_FRAMES = 4096;

  /** Smallest edge of a frame in pixels. */
  public static final int MIN_IMAGE_SIZE = 16;

  /** Largest edge of a frame in pixels. */
  public static final int MAX_IMAGE_SIZE = 2048;

  /** Checks every component; throws {@link IllegalArgumentException} for a value out of range. */
  public SampleSpec {
    requireWithin("frames", frames, 1, MAX_FRAMES);
    requireWithin("imageSize", imageSize, MIN_IMAGE_SIZE, MAX_IMAGE_SIZE);
    Objects.requireNonNull(resize, "resize");
    Objects.requireNonNull(policy, "policy");
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    if (from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) >= 0) {
      throw new IllegalArgumentException(
          "from = %s is not before to = %s; give a range that is not empty"
              .formatted(from.get(), to.get()));
    }
  }

  /** A spec of N uniformly spaced frames of the whole video. */
  public static SampleSpec uniform(int frames, int imageSize, ResizeRule resize) {
    return new SampleSpec(
        frames, imageSize, resize, SamplingPolicy.UNIFORM, Optional.empty(), Optional.empty());
  }

  /** This spec, limited to a range; either end may be absent. */
  public SampleSpec within(Optional<Duration> start, Optional<Duration> end) {
    return new SampleSpec(frames, imageSize, resize, policy, start, end);
  }

  private static void requireWithin(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s = %d is not within %d to %d".formatted(name, value, min, max));
    }
  }
}
