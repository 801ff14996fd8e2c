package io.saccade.chaos;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When questions were asked and answered, and when what failed. Thread-safe. */
final class Ledger {

  /** Questions asked this soon after a failure count as hit by it. */
  private static final Duration WAKE = Duration.ofSeconds(2);

  private final Map<String, Instant> asked = new LinkedHashMap<>();
  private final Map<String, Instant> answered = new LinkedHashMap<>();
  private final List<Failure> failures = new ArrayList<>();

  /** A question was published, for the first time or again. */
  synchronized void asked(String id, Instant at) {
    asked.putIfAbsent(id, at);
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
   * The longest wait that followed a failure: of the questions that were open then, counted from
   * the failure, and of those asked within two seconds, counted from when they were. Failures
   * overlap, so some of it may be another's.
   *
   * @return nothing if no question was there
   */
  synchronized Optional<Duration> waitAfter(Failure failure) {
    return asked.entrySet().stream()
        .filter(question -> question.getValue().isBefore(failure.begin().plus(WAKE)))
        .map(question -> wait(failure.begin(), question))
        .filter(wait -> !wait.isNegative())
        .max(Comparator.naturalOrder());
  }

  private Duration wait(Instant failure, Map.Entry<String, Instant> question) {
    Instant from = question.getValue().isAfter(failure) ? question.getValue() : failure;
    Instant to = answered.get(question.getKey());
    return to == null ? Duration.ofSeconds(-1) : Duration.between(from, to);
  }

  /** The longest time without an answer while a question was open. */
  synchronized Duration longestGap() {
    List<Instant> asks = sorted(asked.values());
    List<Instant> answers = sorted(answered.values());
    Duration longest = Duration.ZERO;
    Instant last = Instant.EPOCH;
    int done = 0;
    for (Instant answer : answers) {
      // The oldest question that is open opened the gap, unless an answer came after it.
      Instant open = asks.get(done);
      Duration gap = Duration.between(open.isAfter(last) ? open : last, answer);
      longest = gap.compareTo(longest) > 0 ? gap : longest;
      last = answer;
      done++;
    }
    return longest;
  }

  /** Times from question to answer, sorted. */
  synchronized List<Duration> latencies() {
    return answered.entrySet().stream()
        .filter(answer -> asked.containsKey(answer.getKey()))
        .map(answer -> Duration.between(asked.get(answer.getKey()), answer.getValue()))
        .sorted()
        .toList();
  }

  private static List<Instant> sorted(Collection<Instant> instants) {
    return instants.stream().sorted().toList();
  }
}
