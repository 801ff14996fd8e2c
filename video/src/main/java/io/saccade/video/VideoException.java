package io.saccade.video;

import java.net.SocketException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The reason why a video gave no frames. It is checked because a bad file from an untrusted source
 * is an expected outcome that the caller has to handle. The message is one sentence and never
 * repeats file contents.
 */
public final class VideoException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The kind of a failure; the names are stable, for programs to act on. */
  public enum Category {
    /** The video is missing, empty, or in no known media format. */
    UNREADABLE,
    /** The video is not allowed: its location, kind of file, size or another limit. */
    REFUSED,
    /** The video is allowed, but of a kind that cannot be sampled or followed. */
    UNSUPPORTED,
    /** The video is truncated or damaged; see {@link VideoException#decodedFrames()}. */
    CORRUPT,
    /** The file has sound, subtitles or cover art only. */
    NO_VIDEO_STREAM,
    /** The video is intact but shows no frame in the requested range. */
    EMPTY_RANGE,
    /** The allowed time was exceeded. */
    TIMEOUT,
    /** The caller cancelled the work. */
    CANCELLED,
    /**
     * The decoder process crashes on this video; reported by implementations that decode in a child
     * process.
     */
    CRASHED
  }

  private final String message;
  private final Category category;
  private final int decodedFrames;
  private final boolean passing;

  /** A failure before any frame was decoded. */
  public VideoException(Category category, String message) {
    this(category, message, 0, null);
  }

  /** A failure after {@code decodedFrames} frames could be decoded. */
  public VideoException(Category category, String message, int decodedFrames) {
    this(category, message, decodedFrames, null);
  }

  /** A failure with its cause. */
  public VideoException(
      Category category, String message, int decodedFrames, @Nullable Throwable cause) {
    this(category, message, decodedFrames, false, cause);
  }

  /**
   * A failure with all its properties.
   *
   * @param decodedFrames see {@link #decodedFrames()}
   * @param passing see {@link #isPassing()}
   */
  public VideoException(
      Category category,
      String message,
      int decodedFrames,
      boolean passing,
      @Nullable Throwable cause) {
    super(message, cause);
    this.message = Objects.requireNonNull(message, "message");
    this.category = Objects.requireNonNull(category, "category");
    this.decodedFrames = decodedFrames;
    this.passing = passing;
  }

  /**
   * A failed TLS handshake; {@linkplain #isPassing() passing} if the host closed the connection
   * during it.
   */
  public static VideoException untrusted(SSLException failure) {
    boolean passing = failure.getCause() instanceof SocketException;
    return new VideoException(
        Category.UNREADABLE,
        "no trusted TLS connection can be made; check the host's certificate",
        0,
        passing,
        failure);
  }

  /** A failure with {@link #isPassing()}. */
  public static VideoException passing(
      Category category, String message, @Nullable Throwable cause) {
    return new VideoException(category, message, 0, true, cause);
  }

  /** One sentence; never null. */
  @Override
  public String getMessage() {
    return message;
  }

  /** The kind of failure. */
  public Category category() {
    return category;
  }

  /**
   * The number of frames that can be decoded of a {@link Category#CORRUPT} video, or of a video
   * with {@link Category#EMPTY_RANGE}; 0 for every other failure.
   */
  public int decodedFrames() {
    return decodedFrames;
  }

  /**
   * Whether the failure is transient, so that trying again later may help: a connection was
   * refused, timed out or was closed, a server reported an error of its own, a disk failed. False
   * where the video itself or the permission to open it would have to change.
   */
  public boolean isPassing() {
    return passing;
  }
}
