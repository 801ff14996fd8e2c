package io.saccade.video;

import io.saccade.video.VideoException.Category;
import java.time.Duration;
import java.util.Objects;

/**
 * The resource limits of one sampling, checked before the memory or time is spent. A video that
 * exceeds one fails as {@link VideoException.Category#REFUSED}, or as {@link
 * VideoException.Category#TIMEOUT} for the time.
 *
 * @param maxFileBytes largest file in bytes
 * @param maxPixels most pixels of one frame, width times height
 * @param maxStreams most streams in a container
 * @param maxPackets most packets of the video stream
 * @param maxDuration longest video, from the first frame's presentation time to the last one's
 * @param maxMemoryBytes resident memory of a decoder process in bytes; not enforced when decoding
 *     in the caller's own process
 * @param maxTime wall-clock time for one sampling
 * @param decoderThreads number of threads that decode one video, 1 to 16; each may hold a decoder
 *     with all its reference pictures
 */
public record VideoLimits(
    long maxFileBytes,
    long maxPixels,
    int maxStreams,
    long maxPackets,
    Duration maxDuration,
    long maxMemoryBytes,
    Duration maxTime,
    int decoderThreads) {

  private static final int MAX_THREADS = 16;
  private static final int DEFAULT_MAX_THREADS = 4;

  /**
   * Checks every component; throws {@link IllegalArgumentException} for a value that is not
   * positive.
   */
  public VideoLimits {
    requirePositive("maxFileBytes", maxFileBytes);
    requirePositive("maxPixels", maxPixels);
    requirePositive("maxStreams", maxStreams);
    requirePositive("maxPackets", maxPackets);
    requirePositive("maxDuration in ms", Objects.requireNonNull(maxDuration).toMillis());
    requirePositive("maxMemoryBytes", maxMemoryBytes);
    Objects.requireNonNull(maxTime, "maxTime");
    requirePositive("maxTime in ms", maxTime.toMillis());
    requirePositive("decoderThreads", decoderThreads);
    if (decoderThreads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "decoderThreads = %d is above %d".formatted(decoderThreads, MAX_THREADS));
    }
  }

  /**
   * 64 GiB, 2^26 pixels, 64 streams, 4,000,000 packets (18 hours at 60 frames a second), a week of
   * video, 1 GiB of memory, 10 minutes of work, and a decoder thread per core up to 4.
   */
  public static VideoLimits defaults() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new VideoLimits(
        64L << 30,
        1L << 26,
        64,
        4_000_000,
        Duration.ofDays(7),
        1L << 30,
        Duration.ofMinutes(10),
        Math.min(cores, DEFAULT_MAX_THREADS));
  }

  /** Throws REFUSED if a file of this many bytes is above the limit. */
  public void requireFileBytes(long bytes) throws VideoException {
    requireWithin("file size in bytes", bytes, maxFileBytes);
  }

  /** Throws REFUSED if a frame of this many pixels is above the limit. */
  public void requirePixels(long pixels) throws VideoException {
    requireWithin("pixels of a frame", pixels, maxPixels);
  }

  /** Throws REFUSED if this number of packets of the video stream is above the limit. */
  public void requirePackets(long packets) throws VideoException {
    requireWithin("packets of the video stream", packets, maxPackets);
  }

  /** Throws REFUSED if a video of this length is above the limit. */
  public void requireDuration(Duration duration) throws VideoException {
    requireWithin("length of the video in seconds", duration.toSeconds(), maxDuration.toSeconds());
  }

  /** Throws REFUSED if this many bytes of resident memory are above the limit. */
  public void requireMemory(long bytes) throws VideoException {
    requireWithin("memory of the decoder in bytes", bytes, maxMemoryBytes);
  }

  private static void requireWithin(String what, long value, long limit) throws VideoException {
    if (value > limit) {
      throw new VideoException(
          Category.REFUSED,
          "%s: %d is above the limit of %d; raise the limit or shorten the video"
              .formatted(what, value, limit));
    }
  }

  private static void requirePositive(String name, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException("%s = %d is not positive".formatted(name, value));
    }
  }
}
