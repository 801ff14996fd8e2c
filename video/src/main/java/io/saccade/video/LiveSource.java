package io.saccade.video;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A live video to follow.
 *
 * @param uri an absolute path or a {@code file:} URI (played at its own speed), an {@code http:} or
 *     {@code https:} URI (an endless body or an HLS playlist), an {@code rtsp:} or {@code rtsps:}
 *     URI (user and password allowed), or {@code udp://ADDRESS:PORT} (MPEG-TS, an address of this
 *     machine or a multicast group); 1 to 4,096 characters
 * @param speed playback speed of a file, as seconds of video per second, 0.001 to 100; 1 for all
 *     other sources
 */
public record LiveSource(String uri, double speed) {
  /** Longest URI in characters. */
  public static final int MAX_URI_LENGTH = 4096;

  /** Lowest playback speed of a file. */
  public static final double MIN_SPEED = 0.001;

  /** Highest playback speed of a file. */
  public static final double MAX_SPEED = 100;

  private static final Pattern FILE = Pattern.compile("/.*|file:.*", Pattern.DOTALL);
  private static final Pattern USER = Pattern.compile("//.*@", Pattern.DOTALL);

  /** Checks both components; throws {@link IllegalArgumentException} for a value out of range. */
  public LiveSource {
    Objects.requireNonNull(uri, "uri");
    if (uri.isEmpty() || uri.length() > MAX_URI_LENGTH) {
      throw new IllegalArgumentException(
          "uri has %d characters, not 1 to %d".formatted(uri.length(), MAX_URI_LENGTH));
    }
    if (!(speed >= MIN_SPEED && speed <= MAX_SPEED)) {
      throw new IllegalArgumentException(
          "speed = %s is not within %s to %s".formatted(speed, MIN_SPEED, MAX_SPEED));
    }
    if (speed != 1 && !FILE.matcher(uri).matches()) {
      throw new IllegalArgumentException(
          "speed = %s is not 1 and the source is not a file; only a file has a speed"
              .formatted(speed));
    }
  }

  /** A source at its own speed. */
  public static LiveSource of(String uri) {
    return new LiveSource(uri, 1);
  }

  /** Leaves out the user and the password that the URI may contain. */
  @Override
  public String toString() {
    return "LiveSource[uri=%s, speed=%s]".formatted(USER.matcher(uri).replaceAll("//"), speed);
  }
}
