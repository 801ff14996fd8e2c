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
 * @param cacheBytes native memory for what the model saw of recent clips, at least 0
 * @param grace how long the answer under way may take when the worker stops; requests not begun go
 *     to other workers
 */
public record WorkerConfig(
    BusConfig bus, String name, int maxUnderWay, long cacheBytes, Duration grace) {

  private static final long DEFAULT_CACHE_BYTES = 512L << 20;

  /** Checks the ranges. */
  public WorkerConfig {
    new Problems()
        .unless(!name.isBlank() && name.length() <= 200, "worker-name", name, "1 to 200 characters")
        .unless(
            maxUnderWay >= 1 && maxUnderWay <= 1000,
            "max-under-way",
            maxUnderWay,
            "must be 1 to 1000")
        .unless(cacheBytes >= 0, "cache-bytes", cacheBytes, "must not be negative")
        .unless(!grace.isNegative(), "grace", grace, "must not be negative")
        .throwIfAny("worker");
  }

  /** 8 requests under way, 512 MiB of cache, 30 s of grace. */
  public static WorkerConfig defaults(BusConfig bus, String name) {
    return new WorkerConfig(bus, name, 8, DEFAULT_CACHE_BYTES, Duration.ofSeconds(30));
  }
}
