package io.saccade.worker;

import io.saccade.bus.BusConfig;
import io.saccade.bus.Problems;
import java.time.Duration;

/**
 * How an inference worker runs.
 *
 * @param bus where the broker is
 * @param name the worker's name in results and logs
 * @param maxUnderWay requests taken from the topic but unanswered, 1 to 1,000; the rest waits in
 *     the log, where other workers can have it
 * @param maxBatch answers computed at a time, 1 to 256
 * @param cacheBytes native memory for what the model saw of recent clips and for the answers under
 *     way, at least 0. What does not fit waits for others to end; one answer alone may take more
 * @param grace how long answers under way may take when the worker stops; requests not begun go to
 *     other workers
 */
public record WorkerConfig(
    BusConfig bus, String name, int maxUnderWay, int maxBatch, long cacheBytes, Duration grace) {

  private static final long DEFAULT_CACHE_BYTES = 1L << 30;

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
        .unless(!grace.isNegative(), "grace", grace, "must not be negative")
        .throwIfAny("worker");
  }

  /** 32 requests under way, 8 of them in the batch, 1 GiB of memory, 30 s of grace. */
  public static WorkerConfig defaults(BusConfig bus, String name) {
    return new WorkerConfig(bus, name, 32, 8, DEFAULT_CACHE_BYTES, Duration.ofSeconds(30));
  }

  /** These settings with another batch and another amount of memory. */
  public WorkerConfig withBatch(int newMaxBatch, long newCacheBytes) {
    return new WorkerConfig(bus, name, maxUnderWay, newMaxBatch, newCacheBytes, grace);
  }
}
