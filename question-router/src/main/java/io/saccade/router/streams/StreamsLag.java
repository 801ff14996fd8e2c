package io.saccade.router.streams;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** The consumer lag of a Kafka Streams application. */
final class StreamsLag {

  private static final String LAG = "records-lag";

  /** The main consumers read the inputs; the others restore stores or read global tables. */
  private static final String MAIN_CONSUMER = "-consumer";

  private static final List<String> OTHER_CONSUMERS =
      List.of("-restore-consumer", "-global-consumer");

  private StreamsLag() {}

  /**
   * Number of records of the assigned input partitions that were not read yet, from the metrics of
   * the consumers.
   */
  static double of(Map<MetricName, ? extends Metric> metrics) {
    return metrics.entrySet().stream()
        .filter(metric -> isInput(metric.getKey()))
        .mapToDouble(metric -> ((Number) metric.getValue().metricValue()).doubleValue())
        .filter(Double::isFinite)
        .sum();
  }

  private static boolean isInput(MetricName name) {
    String client = name.tags().getOrDefault("client-id", "");
    return name.name().equals(LAG)
        && name.tags().containsKey("partition")
        && client.endsWith(MAIN_CONSUMER)
        && OTHER_CONSUMERS.stream().noneMatch(client::endsWith);
  }
}
