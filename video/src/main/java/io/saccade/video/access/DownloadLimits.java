package io.saccade.video.access;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What fetching one video from another host may cost, and where it lies meanwhile.
 *
 * @param folder an existing folder for the downloads; each is readable by this user only and is
 *     deleted once it is sampled
 * @param maxBytes largest video
 * @param maxTime wall-clock time for one download, redirects included
 * @param idleTime how long the host may take to accept a connection or to send anything more
 */
public record DownloadLimits(Path folder, long maxBytes, Duration maxTime, Duration idleTime) {

  /** Checks the ranges. */
  public DownloadLimits {
    if (maxBytes <= 0) {
      throw new IllegalArgumentException("maxBytes = %d is not positive".formatted(maxBytes));
    }
    requireMillis("maxTime", maxTime);
    requireMillis("idleTime", idleTime);
  }

  /** The system's folder for temporary files, 4 GiB, 10 minutes, 30 s. */
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
