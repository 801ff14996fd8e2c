package io.saccade.router;

import io.saccade.bus.BusConfig;
import io.saccade.bus.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * The configuration of a router.
 *
 * @param bus the broker's address; its {@code kafka} settings go to Kafka Streams and its clients
 * @param stateDir folder of the local stores; lost stores are rebuilt from their changelog topics
 * @param limits what the router accepts and how long it keeps state
 * @param requests how many requests it sends to samplers and workers
 * @param commitInterval interval between commits, 1 ms to 5 s; readers of {@code answers} see a
 *     record after its transaction is committed
 * @param threads stream threads of this process, 1 to 64; partitions are spread over them
 * @param standbyReplicas number of other routers that keep a warm copy of each store, 0 to 10
 * @param drainGrace how long {@code QuestionRouter.close} waits for the records in flight
 */
public record RouterConfig(
    BusConfig bus,
    Path stateDir,
    RouterLimits limits,
    RequestLimits requests,
    Duration commitInterval,
    int threads,
    int standbyReplicas,
    Duration drainGrace) {

  /** Kafka Streams aborts a transaction after 10 s, so commits must come well before that. */
  private static final Duration LONGEST_COMMIT_INTERVAL = Duration.ofSeconds(5);

  /**
   * Checks all fields.
   *
   * @throws io.saccade.bus.ConfigException naming every field that is out of range
   */
  public RouterConfig {
    Objects.requireNonNull(bus, "bus");
    Objects.requireNonNull(stateDir, "stateDir");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(requests, "requests");
    new Problems()
        .unless(
            commitInterval.toMillis() >= 1
                && commitInterval.compareTo(LONGEST_COMMIT_INTERVAL) <= 0,
            "commit-interval",
            commitInterval,
            "must be PT0.001S to " + LONGEST_COMMIT_INTERVAL)
        .unless(threads >= 1 && threads <= 64, "threads", threads, "must be 1 to 64")
        .unless(
            standbyReplicas >= 0 && standbyReplicas <= 10,
            "standby-replicas",
            standbyReplicas,
            "must be 0 to 10")
        .unless(!drainGrace.isNegative(), "drain-grace", drainGrace, "must not be negative")
        .throwIfAny("router");
  }

  /** One thread, no standbys, a commit every 10 ms, the contract's limits. */
  public static RouterConfig defaults(BusConfig bus, Path stateDir) {
    return new RouterConfig(
        bus,
        stateDir,
        RouterLimits.DEFAULT,
        RequestLimits.DEFAULT,
        Duration.ofMillis(10),
        1,
        0,
        Duration.ofSeconds(10));
  }
}
