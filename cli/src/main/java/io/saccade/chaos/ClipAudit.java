package io.saccade.chaos;

import io.saccade.proto.v1.ClipManifest;
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
 * beyond needs a failure of a broker, a router or a sampler that was felt between its begin and
 * that of the decoding before; a failure is felt from its begin until {@link #FELT} after its end,
 * when groups have settled. And all those decodings together are at most {@link #PER_FAILURE} for
 * each such failure, as many as all samplers have under way. A decoding begins with the first of
 * the clip's frames in the log.
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
  private int manifests;
  private int failed;
  private int repeats;

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

  void manifest(ClipManifest manifest) {
    manifests++;
    failed += manifest.hasFailure() ? 1 : 0;
  }

  /** Distinct clips that were asked for. */
  int clips() {
    return attempts.size();
  }

  /** Decodings begun. */
  int decodings() {
    return begins.values().stream().mapToInt(List::size).sum();
  }

  /** Manifests, of failed samplings too. */
  int manifests() {
    return manifests;
  }

  /** Manifests of failed samplings. */
  int failedSamplings() {
    return failed;
  }

  /** Sampling requests beyond the first of a clip. */
  int resampled() {
    return attempts.values().stream().mapToInt(of -> of.size() - 1).sum();
  }

  /** What no failure explains, a sentence each. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    repeats = 0;
    begins.forEach((clip, times) -> check(clip, times, problems));
    int most = PER_FAILURE * failures.size();
    if (repeats > most) {
      problems.add(
          "%d clips were decoded again, more than %d failures explain"
              .formatted(repeats, failures.size()));
    }
    return problems;
  }

  private void check(String clip, List<Instant> times, List<String> problems) {
    int allowed = Math.max(1, attempts.getOrDefault(clip, Set.of()).size());
    Collections.sort(times);
    int unexplained = 0;
    for (int i = 1; i < times.size(); i++) {
      unexplained += isExplained(times.get(i - 1), times.get(i)) ? 0 : 1;
    }
    repeats += Math.max(0, times.size() - allowed);
    if (unexplained > allowed - 1) {
      problems.add(
          "clip %s was decoded %d times (%s) for %d requests without a failure in between"
              .formatted(clip, times.size(), times, allowed));
    }
  }

  private boolean isExplained(Instant before, Instant again) {
    return failures.stream()
        .anyMatch(f -> f.begin().isBefore(again) && f.end().plus(FELT).isAfter(before));
  }
}
