package io.saccade.sampler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * Notices that the brokers have sent a consumer nothing for as long as its session lasts. By then
 * its group may have given its partitions to others, which the consumer itself learns only when the
 * brokers speak again.
 */
final class Silence {

  private final Duration session;
  private final Clock clock;
  private Metric received;
  private double bytes;
  private Instant heard;

  /**
   * Begins to listen.
   *
   * @param session the group's {@code session.timeout.ms}
   */
  Silence(Duration session, Clock clock) {
    this.session = session;
    this.clock = clock;
    this.heard = clock.instant();
  }

  /** Whether nothing came for too long. Called all the time. */
  boolean lasts(Consumer<?, ?> consumer) {
    if (received == null) {
      received =
          consumer.metrics().values().stream()
              .filter(metric -> metric.metricName().name().equals("incoming-byte-total"))
              .filter(metric -> metric.metricName().group().equals("consumer-metrics"))
              .findFirst()
              .orElseThrow();
    }
    double now = ((Number) received.metricValue()).doubleValue();
    if (now != bytes) {
      bytes = now;
      heard = clock.instant();
    }
    return heard.plus(session).isBefore(clock.instant());
  }
}
