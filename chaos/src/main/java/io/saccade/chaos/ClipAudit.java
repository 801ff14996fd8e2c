package io.saccade.chaos;

import io.saccade.proto.v1.FrameTensor;
import io.saccade.proto.v1.SamplingRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks that clips were not decoded more often than failures explain.
 *
 * <p>The rule: a clip is decoded once for each attempt that the router requested. Each further
 * decoding is attributed to a failure of a broker, a router or a sampler whose effect overlaps the
 * time between the begin of this decoding and that of the one before. A failure has an effect from
 * its begin until {@link #SETTLING} after its end, when consumer groups have settled. At most
 * {@link #PER_FAILURE} decodings, each of a different clip, are attributed to a failure: the number
 * that all samplers have in flight. A decoding begins with the record of the clip's first frame in
 * the log.
 */
final class ClipAudit {

  /** Time for a session to expire and its group to rebalance. */
  static final Duration SETTLING = ChaosConfig.SESSION_TIMEOUT.plusSeconds(9);

  /** Two samplers with two requests each. */
  static final int PER_FAILURE = 4;

  private final List<Failure> failures;
  private final Map<String, Set<Integer>> attempts = new HashMap<>();
  private final Map<String, List<Instant>> begins = new TreeMap<>();
  private final Map<String, Integer> firstFrame = new HashMap<>();

  /**
   * An audit without records.
   *
   * @param all the failures of the run, of all parts
   */
  ClipAudit(List<Failure> all) {
    this.failures = all.stream().filter(f -> f.part() != Part.WORKER).toList();
  }

  /** Adds a request that the router sent. */
  void request(SamplingRequest request) {
    attempts.computeIfAbsent(request.getClipId(), id -> new HashSet<>()).add(request.getAttempt());
  }

  /** Adds a frame that was published; frames must be added in the order of the log. */
  void frame(FrameTensor frame, Instant at) {
    int first = firstFrame.computeIfAbsent(frame.getClipId(), id -> frame.getFrameIndex());
    if (frame.getFrameIndex() == first) {
      begins.computeIfAbsent(frame.getClipId(), id -> new ArrayList<>()).add(at);
    }
  }

  /** Number of distinct clips that were requested. */
  int clips() {
    return attempts.size();
  }

  /** Number of decodings that were begun. */
  int decodings() {
    return begins.values().stream().mapToInt(List::size).sum();
  }

  /** Number of sampling requests beyond the first of each clip. */
  int resampled() {
    return attempts.values().stream().mapToInt(of -> of.size() - 1).sum();
  }

  /** The clips with decodings that no failure explains, a sentence each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    int[] charged = new int[failures.size()];
    begins.forEach((clip, times) -> check(clip, times, charged, problems));
    return problems;
  }

  private void check(String clip, List<Instant> times, int[] charged, List<String> problems) {
    int requested = Math.max(1, attempts.getOrDefault(clip, Set.of()).size());
    Collections.sort(times);
    Set<Integer> usedFailures = new HashSet<>();
    int unexplained = 0;
    for (int i = 1; i < times.size(); i++) {
      unexplained += charge(times.get(i - 1), times.get(i), usedFailures, charged) ? 0 : 1;
    }
    if (unexplained > requested - 1) {
      problems.add(
          "clip %s was decoded %d times (%s) for %d requests, %d more than failures in between explain"
              .formatted(clip, times.size(), times, requested, unexplained - requested + 1));
    }
  }

  /** Attributes a decoding to the first failure that can explain it; false if none can. */
  private boolean charge(Instant before, Instant again, Set<Integer> usedFailures, int[] charged) {
    for (int i = 0; i < charged.length; i++) {
      Failure failure = failures.get(i);
      boolean overlaps =
          failure.begin().isBefore(again) && failure.end().plus(SETTLING).isAfter(before);
      if (overlaps && charged[i] < PER_FAILURE && usedFailures.add(i)) {
        charged[i]++;
        return true;
      }
    }
    return false;
  }
}
