package io.saccade.sampler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.DoubleSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * Notices that the brokers have sent a consumer nothing for as long as its session lasts. By then
 * its group may have given its partitions to others, which the consumer itself learns only when the
 * brokers speak again. Not thread-safe.
 */
final class Silence {

  private final DoubleSupplier received;
  private final Duration session;
  private final Clock clock;
  private double last;
  private Instant heard;

  /**
   * Begins to listen.
   *
   * @param received bytes that came so far
   * @param session the group's {@code session.timeout.ms}
   */
  Silence(DoubleSupplier received, Duration session, Clock clock) {
    this.received = received;
    this.session = session;
    this.clock = clock;
    this.heard = clock.instant();
  }

  /**
   * Bytes that brokers have sent to a consumer: heartbeats' answers and fetches come all the time.
   */
  static DoubleSupplier received(Consumer<?, ?> consumer) {
    Metric bytes =
        consumer.metrics().values().stream()
            .filter(metric -> metric.metricName().group().equals("consumer-metrics"))
            .filter(metric -> metric.metricName().name().equals("incoming-byte-total"))
            .findFirst()
            .orElseThrow();
    return () -> ((Number) bytes.metricValue()).doubleValue();
  }

  /** Whether nothing came for too long. To be asked several times a session. */
  boolean lasts() {
    double now = received.getAsDouble();
    if (now != last) {
      last = now;
      heard = clock.instant();
    }
    return heard.plus(session).isBefore(clock.instant());
  }
}
