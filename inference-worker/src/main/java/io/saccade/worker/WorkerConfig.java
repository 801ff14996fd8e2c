package io.saccade.worker;

import io.saccade.bus.BusConfig;
import io.saccade.bus.Problems;
import io.saccade.bus.WorkLoop;
import java.time.Duration;

/**
 * How an inference worker runs.
 *
 * @param bus where the broker is
 * @param name the worker's name in results and logs
 * @param maxUnderWay requests begun but unanswered, 1 to 1,000, those of standing questions at most
 *     half of them; the rest waits and goes along when its partition moves
 * @param maxBatch answers computed at a time, 1 to 256
 * @param cacheBytes native memory for what the model saw of recent clips and for the answers under
 *     way, at least 0. What does not fit waits for others to end; one answer alone may take more
 * @param readBytes Java memory for the pixels of clips that are read or looked at, at least 0; one
 *     clip alone may take more
 * @param maxAhead how far, in offsets, a request may be begun ahead of the first unanswered one of
 *     its partition, 1 to 1,000
 * @param maxCrashes how often the process may end while a request is tried alone before that is
 *     answered FAILED, 1 to 9
 * @param grace how long answers under way may take when the worker stops; requests not begun go to
 *     other workers
 */
public record WorkerConfig(
    BusConfig bus,
    String name,
    int maxUnderWay,
    int maxBatch,
    long cacheBytes,
    long readBytes,
    int maxAhead,
    int maxCrashes,
    Duration grace) {

  private static final long DEFAULT_CACHE_BYTES = 1L << 30;
  private static final long DEFAULT_READ_BYTES = 256L << 20;

  /** Checks the ranges. */
  public WorkerConfig {
    new Problems()
        .unless(!name.isBlank() && name.length() <= 200, "worker-name", name, "1 to 200 characters")
        .unless(
            maxUnderWay >= 1 && maxUnderWay <= 1000,
            "max-under-way",
            maxUnderWay,
            "must be 1 to 1000")
        .unless(maxBatch >= 1 && maxBatch <= 256, "max-batch", maxBatch, "must be 1 to 256")
        .unless(cacheBytes >= 0, "cache-bytes", cacheBytes, "must not be negative")
        .unless(readBytes >= 0, "read-bytes", readBytes, "must not be negative")
        .unless(maxAhead >= 1 && maxAhead <= 1000, "max-ahead", maxAhead, "must be 1 to 1000")
        .unless(maxCrashes >= 1 && maxCrashes <= 9, "max-crashes", maxCrashes, "must be 1 to 9")
        .unless(!grace.isNegative(), "grace", grace, "must not be negative")
        .throwIfAny("worker");
  }

  /**
   * 32 requests under way, 8 of them in the batch, 1 GiB of native memory, 256 MiB of pixels, 30 s
   * of grace, and a loop's bounds.
   */
  public static WorkerConfig defaults(BusConfig bus, String name) {
    return new WorkerConfig(
        bus,
        name,
        32,
        8,
        DEFAULT_CACHE_BYTES,
        DEFAULT_READ_BYTES,
        WorkLoop.Options.DEFAULT_MAX_AHEAD,
        WorkLoop.Options.DEFAULT_MAX_CRASHES,
        Duration.ofSeconds(30));
  }

  /** These settings with another batch and other amounts of memory. */
  public WorkerConfig withBatch(int newMaxBatch, long newCacheBytes, long newReadBytes) {
    return new WorkerConfig(
        bus,
        name,
        maxUnderWay,
        newMaxBatch,
        newCacheBytes,
        newReadBytes,
        maxAhead,
        maxCrashes,
        grace);
  }

  /** These settings with other bounds. */
  public WorkerConfig withBounds(
      int newMaxUnderWay, int newMaxAhead, int newMaxCrashes, Duration newGrace) {
    return new WorkerConfig(
        bus,
        name,
        newMaxUnderWay,
        maxBatch,
        cacheBytes,
        readBytes,
        newMaxAhead,
        newMaxCrashes,
        newGrace);
  }
}
