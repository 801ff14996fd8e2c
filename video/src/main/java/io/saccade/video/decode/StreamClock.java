package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale;

import java.time.Duration;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * The clock of a video stream: converts FFmpeg's timestamps to nanoseconds. Public for the packages
 * {@code sampling} and {@code live} only.
 *
 * @param numerator of the time base in seconds
 * @param denominator of the time base
 * @param framesPerSecond frame rate that gives the times of frames without timestamps; positive
 */
public record StreamClock(int numerator, int denominator, double framesPerSecond) {
  private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  static StreamClock of(AVRational timeBase, double framesPerSecond) {
    return new StreamClock(timeBase.num(), timeBase.den(), framesPerSecond);
  }

  /**
   * Returns the time of a frame in nanoseconds.
   *
   * @param timestamp in units of the time base, or AV_NOPTS_VALUE
   * @param index index of the frame, from which the time is computed if there is no timestamp
   */
  public long nanos(long timestamp, int index) {
    if (timestamp != AV_NOPTS_VALUE) {
      long nanos = av_rescale(timestamp, numerator * NANOS_PER_SECOND, denominator);
      if (nanos != Long.MIN_VALUE) { // FFmpeg's result on overflow
        return nanos;
      }
    }
    return Math.round(index / framesPerSecond * NANOS_PER_SECOND);
  }

  /** The duration of one frame at the frame rate, in nanoseconds. */
  public long frameNanos() {
    return Math.round(NANOS_PER_SECOND / framesPerSecond);
  }
}
