package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale;

import java.time.Duration;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * The clock of a video stream: FFmpeg's timestamps to nanoseconds.
 *
 * @param numerator of the time base in seconds
 * @param denominator of the time base
 * @param framesPerSecond stands in where a stream has no timestamps; positive
 */
public record StreamClock(int numerator, int denominator, double framesPerSecond) {
  private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  static StreamClock of(AVRational timeBase, double framesPerSecond) {
    return new StreamClock(timeBase.num(), timeBase.den(), framesPerSecond);
  }

  /**
   * Time of a frame in nanoseconds.
   *
   * @param timestamp in units of the time base, or AV_NOPTS_VALUE
   * @param index number of the frame, from which the time follows where there is no timestamp
   */
  public long nanos(long timestamp, int index) {
    if (timestamp != AV_NOPTS_VALUE) {
      long nanos = av_rescale(timestamp, numerator * NANOS_PER_SECOND, denominator);
      if (nanos != Long.MIN_VALUE) { // FFmpeg's sign for overflow
        return nanos;
      }
    }
    return Math.round(index / framesPerSecond * NANOS_PER_SECOND);
  }

  /** Length of one frame in nanoseconds, where nothing better is known. */
  public long frameNanos() {
    return Math.round(NANOS_PER_SECOND / framesPerSecond);
  }
}
