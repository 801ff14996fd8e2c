package io.saccade.chaos;

import java.time.Duration;
import java.util.List;

/**
 * The result of a chaos run.
 *
 * <p>See decision 69 in {@code docs/decisions.md}.
 *
 * @param seed the run's seed
 * @param questions number of distinct questions
 * @param published number of records on {@code questions}, repeats included
 * @param answers number of records on {@code answers}
 * @param results number of records on {@code results}
 * @param repeatedResults number of results beyond the first of each question, which the router
 *     dropped
 * @param repeatedRequests number of inference requests beyond the first of each question
 * @param clips number of distinct clips that samplers were asked for
 * @param decodings number of times that a sampler began to decode one of them
 * @param resampled number of sampling requests beyond the first of each clip
 * @param took time from the first question to the last answer
 * @param longestGap longest time without an answer while a question was open
 * @param gapBegan begin of that time, measured from the start of the run like the lines of progress
 * @param latencies times from question to answer, sorted
 * @param failures the failures, each with its time of recovery
 * @param problems lost, repeated or wrong answers and unexplained work, a sentence each
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
   * A failure and the time of recovery from it.
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

  /**
   * Whether there are no problems: no answer is lost, repeated or wrong, and no work is done more
   * often than failures explain.
   */
  public boolean isSound() {
    return problems.isEmpty();
  }

  /**
   * A quantile of the latencies; zero without answers.
   *
   * @param share 0 to 1, e.g. 0.99
   */
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
