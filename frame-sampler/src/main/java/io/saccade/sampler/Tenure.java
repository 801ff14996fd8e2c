package io.saccade.sampler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * Whether a member of a group may believe that its partitions are still its own. When the brokers
 * have sent it nothing for as long as its session lasts (they are out of reach, or this process was
 * halted), they may have given them to others, which the member learns only some time after they
 * speak again. {@link #listen} is for one thread, {@link #holds} for any.
 */
final class Tenure {

  private final DoubleSupplier received;
  private final Duration session;
  private final Clock clock;
  private double last;
  private volatile Instant heard;

  /** When the brokers spoke again, while it is not certain what they say. */
  private Instant regained;

  private volatile boolean doubtful;

  /**
   * Begins to listen.
   *
   * @param received bytes that came so far
   * @param session the group's {@code session.timeout.ms}
   */
  Tenure(DoubleSupplier received, Duration session, Clock clock) {
    this.received = received;
    this.session = session;
    this.clock = clock;
    this.heard = clock.instant();
  }

  /** Bytes that came to a consumer: answers to heartbeats and fetches come all the time. */
  static DoubleSupplier received(Consumer<?, ?> consumer) {
    Metric bytes =
        consumer.metrics().values().stream()
            .filter(metric -> metric.metricName().group().equals("consumer-metrics"))
            .filter(metric -> metric.metricName().name().equals("incoming-byte-total"))
            .findFirst()
            .orElseThrow();
    return () -> ((Number) bytes.metricValue()).doubleValue();
  }

  /** Takes note of what came. To be called several times a session. */
  void listen() {
    Instant now = clock.instant();
    if (heard.plus(session).isBefore(now)) {
      doubtful = true;
      regained = null;
    }
    double bytes = received.getAsDouble();
    if (bytes != last) {
      last = bytes;
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
