package io.saccade.chaos;

import io.saccade.bus.Problems;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The configuration of a chaos run.
 *
 * @param questions number of distinct questions, 1 to 1,000,000
 * @param kills number of failures, 0 to 10,000
 * @param seed seed of all random choices
 * @param videos number of videos, 1 to 10,000
 * @param partitions number of partitions of each topic that is keyed by video, 1 to 100
 * @param latency answer time of the simulated engine
 * @param clips folder of the video files, {@code .mp4}
 * @param folder folder for the brokers' data, the routers' state and the processes' logs; created
 *     if missing
 * @param mainClass the name of the class whose main method runs a command line of Saccade
 */
public record ChaosConfig(
    int questions,
    int kills,
    long seed,
    int videos,
    int partitions,
    Duration latency,
    Path clips,
    Path folder,
    String mainClass) {

  /** The session timeout of consumer groups, after which a member without heartbeats is removed. */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  /**
   * Checks the ranges.
   *
   * @throws io.saccade.bus.ConfigException naming every field that is out of range
   */
  public ChaosConfig {
    new Problems()
        .unless(
            questions >= 1 && questions <= 1_000_000,
            "questions",
            questions,
            "must be 1 to 1000000")
        .unless(kills >= 0 && kills <= 10_000, "kills", kills, "must be 0 to 10000")
        .unless(videos >= 1 && videos <= 10_000, "videos", videos, "must be 1 to 10000")
        .unless(partitions >= 1 && partitions <= 100, "partitions", partitions, "must be 1 to 100")
        .unless(!latency.isNegative(), "latency", latency, "must not be negative")
        .throwIfAny("chaos");
  }

  /** The folder of the processes' logs. */
  public Path logs() {
    return folder.resolve("logs");
  }

  /** The folder of the processes' data. */
  public Path data() {
    return folder.resolve("data");
  }
}
