package io.saccade.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Records when questions were asked and answered and when processes failed. Thread-safe.
 *
 * <p>See decision 69 in {@code docs/decisions.md} for the measure of recovery.
 */
final class RunRecord {

  /**
   * Answers that arrive this soon after the begin of a failure may have been in flight before it.
   */
  private static final Duration IN_FLIGHT = Duration.ofSeconds(1);

  private final Map<String, Instant> asked = new LinkedHashMap<>();
  private final Map<String, Integer> partitions = new HashMap<>();
  private final Map<String, Instant> answered = new LinkedHashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  /** An interval in which questions were open and none was answered. */
  record Silence(Instant from, Instant to) {

    Duration length() {
      return Duration.between(from, to);
    }
  }

  /** A question was published, for the first time or again. */
  synchronized void asked(String id, Instant at) {
    asked.putIfAbsent(id, at);
  }

  /** A question was acknowledged, in this partition of its topic. */
  synchronized void published(String id, int partition) {
    partitions.put(id, partition);
  }

  /**
   * An answer arrived. Only the first of each question counts, and none of a question that was not
   * asked.
   */
  synchronized void answered(String id, Instant at) {
    if (asked.containsKey(id)) {
      answered.putIfAbsent(id, at);
    }
  }

  /** A failure ended. */
  synchronized void failed(Failure failure) {
    failures.add(failure);
  }

  /** The run deviated from its plan, described in a sentence. */
  synchronized void problem(String sentence) {
    problems.add(sentence);
  }

  /** The deviations from the plan. */
  synchronized List<String> problems() {
    return List.copyOf(problems);
  }

  /** Number of questions without an answer. */
  synchronized int open() {
    return asked.size() - answered.size();
  }

  /** Number of questions with an answer. */
  synchronized int answers() {
    return answered.size();
  }

  /** The failures, sorted by begin. */
  synchronized List<Failure> failures() {
    return failures.stream().sorted(Comparator.comparing(Failure::begin)).toList();
  }

  /**
   * The time of recovery from each failure: the longest interval in which a partition of {@code
   * questions} had open questions and none was answered. Each interval is attributed to the failure
   * that began last before it; where failures overlap, this is a guess.
   */
  synchronized Map<Failure, Duration> recoveries() {
    List<Failure> byBegin = failures();
    Map<Failure, Duration> longest = new LinkedHashMap<>();
    byBegin.forEach(failure -> longest.put(failure, Duration.ZERO));
    for (Integer partition : Set.copyOf(partitions.values())) {
      for (Silence silence : silences(id -> partition.equals(partitions.get(id)))) {
        cause(silence, byBegin)
            .ifPresent(failure -> longest.merge(failure, silence.length(), RunRecord::longer));
      }
    }
    return longest;
  }

  private static Optional<Failure> cause(Silence silence, List<Failure> byBegin) {
    Instant latest = silence.from().plus(IN_FLIGHT);
    return byBegin.stream()
        .filter(failure -> !failure.begin().isAfter(latest))
        .reduce((before, after) -> after);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** The longest interval without an answer while a question was open; empty without answers. */
  synchronized Optional<Silence> longestGap() {
    return silences(id -> true).stream().max(Comparator.comparing(Silence::length));
  }

  private List<Silence> silences(Predicate<String> which) {
    List<Instant> asks = sorted(asked, which);
    List<Silence> silences = new ArrayList<>();
    Instant last = Instant.EPOCH;
    for (Instant answer : sorted(answered, which)) {
      // k answers came before this one, so once k + 1 questions are asked at least one is open.
      Instant open = asks.get(silences.size());
      silences.add(new Silence(open.isAfter(last) ? open : last, answer));
      last = answer;
    }
    return silences;
  }

  /** Times from question to answer, sorted. */
  synchronized List<Duration> latencies() {
    return answered.entrySet().stream()
        .filter(answer -> asked.containsKey(answer.getKey()))
        .map(answer -> Duration.between(asked.get(answer.getKey()), answer.getValue()))
        .sorted()
        .toList();
  }

  private static List<Instant> sorted(Map<String, Instant> times, Predicate<String> which) {
    return times.entrySet().stream()
        .filter(time -> which.test(time.getKey()))
        .map(Map.Entry::getValue)
        .sorted()
        .toList();
  }
}
