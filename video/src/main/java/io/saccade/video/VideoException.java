package io.saccade.video;

import java.net.SocketException;
import java.util.Objects;
import javax.net.ssl.SSLException;

/**
 * Why a video gave no frames. Checked, because a bad file from a stranger is an expected outcome
 * that the caller has to answer. The message is one sentence and never repeats file contents.
 */
public final class VideoException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What kind of failure this is; stable, meant for machines. */
  public enum Category {
    /** Missing, empty, or not recognisable as media. */
    UNREADABLE,
    /** Readable perhaps, but not allowed: place, kind of file, size or another limit. */
    REFUSED,
    /** Allowed, but of a kind that cannot be sampled or followed. */
    UNSUPPORTED,
    /** A video that is cut or damaged; see {@link VideoException#decodedFrames()}. */
    CORRUPT,
    /** Sound, subtitles or cover art only. */
    NO_VIDEO_STREAM,
    /** The video is sound but shows no frame in the requested range. */
    EMPTY_RANGE,
    /** The allowed working time is over. */
    TIMEOUT,
    /** The caller asked to stop. */
    CANCELLED,
    /**
     * The decoder process crashes on this video; only whoever decodes in another process can say
     * so.
     */
    CRASHED
  }

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

  /** A failure with its cause; {@code cause} may be null. */
  public VideoException(Category category, String message, int decodedFrames, Throwable cause) {
    this(category, message, decodedFrames, false, cause);
  }

  public VideoException(
      Category category, String message, int decodedFrames, boolean passing, Throwable cause) {
    super(message, cause);
    this.category = Objects.requireNonNull(category, "category");
    this.decodedFrames = decodedFrames;
    this.passing = passing;
  }

  /** A TLS connection that was not made, which passes if the host just broke off. */
  public static VideoException untrusted(SSLException failure) {
    boolean passing = failure.getCause() instanceof SocketException;
    return new VideoException(
        Category.UNREADABLE,
        "no trusted TLS connection can be made; check the host's certificate",
        0,
        passing,
        failure);
  }

  /** A failure that may be gone when the video is tried again later; {@code cause} may be null. */
  public static VideoException passing(Category category, String message, Throwable cause) {
    return new VideoException(category, message, 0, true, cause);
  }

  /** The kind of failure. */
  public Category category() {
    return category;
  }

  /**
   * How many frames of a {@link Category#CORRUPT} video can be decoded, or of a video that shows
   * none in the range; 0 for every other failure.
   */
  public int decodedFrames() {
    return decodedFrames;
  }

  /**
   * Whether trying again later may help: a connection was refused, timed out or broke off, a server
   * has a problem of its own, a disk failed. False where the video itself or the permission to open
   * it would have to change.
   */
  public boolean isPassing() {
    return passing;
  }
}
