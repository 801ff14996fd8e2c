package io.saccade.video;

import java.time.Duration;
import java.util.Objects;

/**
 * What to take from a live video.
 *
 * @param step time between the ticks of a session; each tick has one frame, 1 ms to 1 h
 * @param imageSize edge of the square frames in pixels, 16 to 2048
 * @param resize how a frame becomes a square
 * @param stall a source without a frame for this long has stalled, and its next frame begins a new
 *     session; so does a frame whose presentation time is this much later than the last one, 100 ms
 *     to 1 h
 * @param connectTimeout how long a source may take to send its first bytes, and a stalled source to
 *     send another frame, 1 ms to 1 h
 */
public record LiveSpec(
    Duration step, int imageSize, ResizeRule resize, Duration stall, Duration connectTimeout) {
  private static final Duration MILLISECOND = Duration.ofMillis(1);
  private static final Duration MIN_STALL = Duration.ofMillis(100);
  private static final Duration HOUR = Duration.ofHours(1);

  /** Checks every component; throws {@link IllegalArgumentException} for a value out of range. */
  public LiveSpec {
    requireWithin("step", step, MILLISECOND);
    requireWithin("stall", stall, MIN_STALL);
    requireWithin("connectTimeout", connectTimeout, MILLISECOND);
    Objects.requireNonNull(resize, "resize");
    if (imageSize < SampleSpec.MIN_IMAGE_SIZE || imageSize > SampleSpec.MAX_IMAGE_SIZE) {
      throw new IllegalArgumentException(
          "imageSize = %d is not within %d to %d"
              .formatted(imageSize, SampleSpec.MIN_IMAGE_SIZE, SampleSpec.MAX_IMAGE_SIZE));
    }
  }

  private static void requireWithin(String name, Duration value, Duration min) {
    if (value.compareTo(min) < 0 || value.compareTo(HOUR) > 0) {
      throw new IllegalArgumentException(
          "%s = %s is not within %s to %s".formatted(name, value, min, HOUR));
    }
  }
}
