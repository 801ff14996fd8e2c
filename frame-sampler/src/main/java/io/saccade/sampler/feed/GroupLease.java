package io.saccade.sampler.feed;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * Whether a member of a group may believe that its partitions are still its own. When the group's
 * coordinator has answered nothing for as long as the member's session lasts (it is out of reach,
 * or this process was halted), it may have given them to others, which the member learns only some
 * time after it speaks again. {@link #listen} is for one thread, {@link #holds} for any.
 */
final class GroupLease {

  /** Replies of the coordinator; other brokers know nothing of the group. */
  private static final Set<String> ANSWERS = Set.of("heartbeat-total", "join-total", "sync-total");

  private final DoubleSupplier answers;
  private final Duration session;
  private final Clock clock;
  private double last;
  private volatile Instant heard;

  /** When the coordinator spoke again, while it is not certain what it says. */
  private Instant regained;

  private volatile boolean doubtful;

  /**
   * Begins to listen.
   *
   * @param answers of the coordinator so far
   * @param session the group's {@code session.timeout.ms}
   */
  GroupLease(DoubleSupplier answers, Duration session, Clock clock) {
    this.answers = answers;
    this.session = session;
    this.clock = clock;
    this.heard = clock.instant();
  }

  /** What a consumer's coordinator has answered: heartbeats at least, whoever assigns. */
  static DoubleSupplier answers(Consumer<?, ?> consumer) {
    return () -> counts(consumer).mapToDouble(count -> (double) count.metricValue()).sum();
  }

  /** The counters of that, which a client may add only after it was opened. */
  static Stream<? extends Metric> counts(Consumer<?, ?> consumer) {
    return consumer.metrics().values().stream()
        .filter(metric -> metric.metricName().group().equals("consumer-coordinator-metrics"))
        .filter(metric -> ANSWERS.contains(metric.metricName().name()));
  }

  /** Takes note of what came. To be called several times a session. */
  void listen() {
    Instant now = clock.instant();
    if (heard.plus(session).isBefore(now)) {
      doubtful = true;
      regained = null;
    }
    double count = answers.getAsDouble();
    if (count != last) {
      last = count;
      heard = now;
      regained = regained == null ? now : regained;
    }
    // A heartbeat is answered within a third of a session: if we were thrown out, we know by then.
    if (doubtful && regained != null && !regained.plus(session.dividedBy(3)).isAfter(now)) {
      doubtful = false;
    }
  }

  /** Whether the partitions are certainly ours, but for a delay of messages. */
  boolean holds() {
    return !doubtful && !heard.plus(session).isBefore(clock.instant());
  }
}
