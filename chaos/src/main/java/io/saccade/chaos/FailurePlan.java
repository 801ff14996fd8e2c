package io.saccade.chaos;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/**
 * The planned failures and the pauses between them; the same for the same seed. The parts fail in
 * rounds, each part once a round in random order, and each part fails in every kind before a kind
 * is repeated.
 */
final class FailurePlan {

  private static final Duration LEAST_BETWEEN = Duration.ofSeconds(2);
  private static final int MORE_BETWEEN_MILLIS = 3_000;
  private static final int MOST_DOWN_MILLIS = 4_000;

  /** Longer than the session timeout, so that the frozen process loses its partitions. */
  private static final Duration FROZEN = ChaosConfig.SESSION_TIMEOUT.plusSeconds(2);

  private static final int MORE_FROZEN_MILLIS = 3_000;

  private final Random random;
  private final Deque<Planned> planned = new ArrayDeque<>();
  private final Map<Part, Deque<FailureKind>> kinds = new EnumMap<>(Part.class);

  /**
   * A planned failure.
   *
   * @param lasting how long the process stays down or frozen
   * @param choice selects one of the nodes that can fail, 0 to 1
   */
  record Planned(FailureKind kind, Part part, Duration lasting, double choice) {}

  /** Plans this number of failures. */
  FailurePlan(int count, long seed) {
    this.random = new Random(seed);
    while (planned.size() < count) {
      for (Part part : shuffled(List.of(Part.values()))) {
        if (planned.size() < count) {
          planned.add(next(part));
        }
      }
    }
  }

  /** The time until the next failure. */
  Duration pause() {
    return LEAST_BETWEEN.plusMillis(random.nextInt(MORE_BETWEEN_MILLIS));
  }

  /** How many are left. */
  int size() {
    return planned.size();
  }

  /** Removes and returns the first failure of one of these parts, if any is left. */
  Optional<Planned> poll(Predicate<Part> possible) {
    for (Planned next : planned) {
      if (possible.test(next.part())) {
        planned.remove(next);
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  private Planned next(Part part) {
    Deque<FailureKind> left = kinds.computeIfAbsent(part, p -> new ArrayDeque<>());
    if (left.isEmpty()) {
      left.addAll(shuffled(List.of(FailureKind.KILL, FailureKind.FREEZE, FailureKind.RESTART)));
    }
    FailureKind kind = left.remove();
    Duration lasting =
        kind == FailureKind.FREEZE
            ? FROZEN.plusMillis(random.nextInt(MORE_FROZEN_MILLIS))
            : Duration.ofMillis(random.nextInt(MOST_DOWN_MILLIS));
    return new Planned(kind, part, lasting, random.nextDouble());
  }

  private <T> List<T> shuffled(List<T> of) {
    List<T> copy = new ArrayList<>(of);
    Collections.shuffle(copy, random);
    return copy;
  }
}
