package io.saccade.video.access;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The limits of one download from another host, and the folder that holds the file.
 *
 * @param folder an existing folder for the downloads; each file is readable by this user only and
 *     is deleted once it is sampled
 * @param maxBytes largest video in bytes
 * @param maxTime wall-clock time for one download, redirects included
 * @param idleTime longest wait for the host to accept a connection or to send the next bytes, 1 ms
 *     to 24 days
 */
public record DownloadLimits(Path folder, long maxBytes, Duration maxTime, Duration idleTime) {

  /** Checks the ranges; throws {@link IllegalArgumentException} for a value out of range. */
  public DownloadLimits {
    if (maxBytes <= 0) {
      throw new IllegalArgumentException("maxBytes = %d is not positive".formatted(maxBytes));
    }
    requireMillis("maxTime", maxTime);
    requireMillis("idleTime", idleTime);
  }

  /** The folder {@code java.io.tmpdir}, 4 GiB, 10 minutes, 30 s. */
  public static DownloadLimits defaults() {
    return new DownloadLimits(
        Path.of(System.getProperty("java.io.tmpdir")),
        4L << 30,
        Duration.ofMinutes(10),
        Duration.ofSeconds(30));
  }

  private static void requireMillis(String name, Duration time) {
    if (time.toMillis() <= 0 || time.toMillis() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("%s = %s is not 1 ms to 24 days".formatted(name, time));
    }
  }
}
