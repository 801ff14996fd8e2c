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

/** When questions were asked and answered, and when what failed. Thread-safe. */
final class RunRecord {

  /** What was on its way when a process failed may still be answered. */
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final Map<String, Instant> asked = new LinkedHashMap<>();
  private final Map<String, Integer> partitions = new HashMap<>();
  private final Map<String, Instant> answered = new LinkedHashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<String> troubles = new ArrayList<>();

  /** A time in which questions were open and none was answered. */
  record Silence(Instant from, Instant to) {

    Duration length() {
      return Duration.between(from, to);
    }
  }

  /** A question was published, for the first time or again. */
  synchronized void asked(String id, Instant at) {
    asked.putIfAbsent(id, at);
  }

  /** A question is in the log, in this partition of its topic. */
  synchronized void published(String id, int partition) {
    partitions.put(id, partition);
  }

  /** An answer came, the first one of its question or another; of one not asked it is no answer. */
  synchronized void answered(String id, Instant at) {
    if (asked.containsKey(id)) {
      answered.putIfAbsent(id, at);
    }
  }

  /** A failure is over. */
  synchronized void failed(Failure failure) {
    failures.add(failure);
  }

  /** Something went another way than planned. */
  synchronized void trouble(String what) {
    troubles.add(what);
  }

  /** What went another way than planned. */
  synchronized List<String> troubles() {
    return List.copyOf(troubles);
  }

  /** Questions without an answer. */
  synchronized int open() {
    return asked.size() - answered.size();
  }

  /** Questions that have one. */
  synchronized int answers() {
    return answered.size();
  }

  /** The failures, by their begin. */
  synchronized List<Failure> failures() {
    return failures.stream().sorted(Comparator.comparing(Failure::begin)).toList();
  }

  /**
   * How long each failure kept a part of the service silent: the longest time in which a partition
   * of the questions had open ones and none was answered. Each such time is the doing of the
   * failure that began last before it, for want of a better guess where failures overlap.
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
    Instant latest = silence.from().plus(MOMENT);
    return byBegin.stream()
        .filter(failure -> !failure.begin().isAfter(latest))
        .reduce((before, after) -> after);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /** The longest time without an answer while a question was open; absent without answers. */
  synchronized Optional<Silence> longestGap() {
    return silences(id -> true).stream().max(Comparator.comparing(Silence::length));
  }

  private List<Silence> silences(Predicate<String> which) {
    List<Instant> asks = sorted(asked, which);
    List<Silence> silences = new ArrayList<>();
    Instant last = Instant.EPOCH;
    for (Instant answer : sorted(answered, which)) {
      // As many are answered as silences are known: one of those asked until then is open.
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
