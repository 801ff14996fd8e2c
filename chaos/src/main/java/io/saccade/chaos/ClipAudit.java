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
 * Whether clips were decoded more often than failures explain.
 *
 * <p>The rule: a clip is decoded once for each attempt that the router asked for. Each decoding
 * beyond is charged to a failure of a broker, a router or a sampler that was felt between its begin
 * and that of the decoding before; a failure is felt from its begin until {@link #FELT} after its
 * end, when groups have settled. A failure bears at most {@link #PER_FAILURE} decodings, as many as
 * all samplers have under way, each of another clip. A decoding begins with the first of the clip's
 * frames in the log.
 */
final class ClipAudit {

  /** A session times out, and the group meets again. */
  static final Duration FELT = ChaosConfig.SESSION.plusSeconds(9);

  /** Two samplers, two requests each. */
  static final int PER_FAILURE = 4;

  private final List<Failure> failures;
  private final Map<String, Set<Integer>> attempts = new HashMap<>();
  private final Map<String, List<Instant>> begins = new TreeMap<>();
  private final Map<String, Integer> firstFrame = new HashMap<>();

  /**
   * Begins one.
   *
   * @param all failures of any part
   */
  ClipAudit(List<Failure> all) {
    this.failures = all.stream().filter(f -> f.part() != Part.WORKER).toList();
  }

  void request(SamplingRequest request) {
    attempts.computeIfAbsent(request.getClipId(), id -> new HashSet<>()).add(request.getAttempt());
  }

  /** Takes the frames in the order of the log. */
  void frame(FrameTensor frame, Instant at) {
    int first = firstFrame.computeIfAbsent(frame.getClipId(), id -> frame.getFrameIndex());
    if (frame.getFrameIndex() == first) {
      begins.computeIfAbsent(frame.getClipId(), id -> new ArrayList<>()).add(at);
    }
  }

  /** Distinct clips that were asked for. */
  int clips() {
    return attempts.size();
  }

  /** Decodings begun. */
  int decodings() {
    return begins.values().stream().mapToInt(List::size).sum();
  }

  /** Sampling requests beyond the first of a clip. */
  int resampled() {
    return attempts.values().stream().mapToInt(of -> of.size() - 1).sum();
  }

  /** What no failure explains, a sentence each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    int[] charged = new int[failures.size()];
    begins.forEach((clip, times) -> check(clip, times, charged, problems));
    return problems;
  }

  private void check(String clip, List<Instant> times, int[] charged, List<String> problems) {
    int asked = Math.max(1, attempts.getOrDefault(clip, Set.of()).size());
    Collections.sort(times);
    Set<Integer> ours = new HashSet<>();
    int unexplained = 0;
    for (int i = 1; i < times.size(); i++) {
      unexplained += charge(times.get(i - 1), times.get(i), ours, charged) ? 0 : 1;
    }
    if (unexplained > asked - 1) {
      problems.add(
          "clip %s was decoded %d times (%s) for %d requests, %d more than failures in between explain"
              .formatted(clip, times.size(), times, asked, unexplained - asked + 1));
    }
  }

  /** Charges a decoding to the first failure that can bear it; false if none can. */
  private boolean charge(Instant before, Instant again, Set<Integer> ours, int[] charged) {
    for (int i = 0; i < charged.length; i++) {
      Failure failure = failures.get(i);
      boolean felt = failure.begin().isBefore(again) && failure.end().plus(FELT).isAfter(before);
      if (felt && charged[i] < PER_FAILURE && ours.add(i)) {
        charged[i]++;
        return true;
      }
    }
    return false;
  }
}
