package io.saccade.video.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.javacpp.Pointer;

/**
 * Process-wide settings of the native library, and helpers for its error codes and allocations.
 * Public for the packages {@code sampling}, {@code isolation} and {@code live} only.
 */
public final class Ffmpeg {
  /** A plane of 2^26 pixels with 8 bytes each, the largest plane of a regular video. */
  private static final long MAX_ALLOCATION_BYTES = 512L << 20;

  private static final String PHYSICAL_BYTES_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";
  private static final int ERROR_TEXT_BYTES = 128;

  static {
    // By default JavaCPP throws once the whole process, other native libraries included, uses more
    // than twice the Java heap. What is allocated here is bounded by VideoLimits instead.
    if (System.getProperty(PHYSICAL_BYTES_LIMIT) == null) {
      System.setProperty(PHYSICAL_BYTES_LIMIT, "0");
    }
    av_log_set_level(AV_LOG_QUIET);
    av_max_alloc(MAX_ALLOCATION_BYTES);
  }

  private Ffmpeg() {}

  /** Loads the native library; does nothing after the first call. */
  public static void load() {}

  /** FFmpeg's text for a negative return code; it never contains file contents. */
  static String errorText(int code) {
    byte[] text = new byte[ERROR_TEXT_BYTES];
    av_strerror(code, text, text.length);
    int length = 0;
    while (length < text.length && text[length] != 0) {
      length++;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  /**
   * Returns the pointer; throws {@link OutOfMemoryError} if it is null, which is how FFmpeg reports
   * a failed allocation.
   */
  public static <P extends Pointer> P allocated(P pointer) {
    if (pointer == null || pointer.isNull()) {
      throw new OutOfMemoryError("FFmpeg could not allocate native memory");
    }
    return pointer;
  }

  /** The pixels of a frame as the stream declares them; 0 if it does not. */
  static long pixels(AVStream stream) {
    return (long) stream.codecpar().width() * stream.codecpar().height();
  }
}
