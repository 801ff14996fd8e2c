package io.saccade.chaos;

import io.saccade.bus.Problems;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a chaos run does.
 *
 * @param questions distinct questions, 1 to 1,000,000
 * @param kills failures, 0 to 10,000
 * @param seed of everything that is chosen
 * @param videos how many there are, 1 to 10,000
 * @param partitions of each topic that is split by video, 1 to 100
 * @param latency of the simulated engine
 * @param clips a folder of video files
 * @param folder for the brokers' logs, the routers' state and what the processes log; made if
 *     missing
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

  /** After this long without a word a group gives a member up. */
  static final Duration SESSION = Duration.ofSeconds(6);

  /** Checks the ranges. */
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

  /** Where the processes' logs go. */
  public Path logs() {
    return folder.resolve("logs");
  }

  /** Where the processes keep their data. */
  public Path data() {
    return folder.resolve("data");
  }
}
