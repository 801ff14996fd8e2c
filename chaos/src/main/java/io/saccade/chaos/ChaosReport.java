package io.saccade.chaos;

import java.time.Duration;
import java.util.List;

/**
 * What a chaos run came to.
 *
 * @param seed of the run
 * @param questions distinct ones asked
 * @param published records on {@code questions}, repeats among them
 * @param answers records on {@code answers}
 * @param results records on {@code results}
 * @param repeatedResults results beyond the first of a question, which the router dropped
 * @param repeatedRequests inference requests beyond the first of a question
 * @param clips distinct clips asked for
 * @param decodings of them, begun
 * @param resampled sampling requests beyond the first of a clip
 * @param took from the first question to the last answer
 * @param longestGap without an answer while a question was open
 * @param gapBegan when that began, from the start of the run, as in the lines of progress
 * @param latencies from question to answer, sorted
 * @param failures each with the time of recovery
 * @param problems what was lost, doubled, wrong or done too often, a sentence each
 */
public record ChaosReport(
    long seed,
    int questions,
    int published,
    int answers,
    int results,
    int repeatedResults,
    int repeatedRequests,
    int clips,
    int decodings,
    int resampled,
    Duration took,
    Duration longestGap,
    Duration gapBegan,
    List<Duration> latencies,
    List<Hit> failures,
    List<String> problems) {

  /**
   * A failure and what was felt of it.
   *
   * @param recovery the longest time in which a partition of the questions had open ones and none
   *     was answered, of those that began after this failure and before the next
   */
  public record Hit(Failure failure, Duration recovery) {}

  /** Copies the lists. */
  public ChaosReport {
    latencies = List.copyOf(latencies);
    failures = List.copyOf(failures);
    problems = List.copyOf(problems);
  }

  /** Whether nothing was lost, doubled, wrong or done more often than failures explain. */
  public boolean isSound() {
    return problems.isEmpty();
  }

  /** The latency that a share of the answers did not exceed; zero without answers. */
  public Duration latency(double share) {
    return latencies.isEmpty()
        ? Duration.ZERO
        : latencies.get((int) Math.min(latencies.size() - 1L, (long) (share * latencies.size())));
  }

  /** The times of recovery from failures of this part and kind, sorted. */
  public List<Duration> recoveries(Part part, FailureKind kind) {
    return failures.stream()
        .filter(hit -> hit.failure().part() == part && hit.failure().kind() == kind)
        .map(Hit::recovery)
        .sorted()
        .toList();
  }
}
