package io.saccade.router.streams;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** How far a Kafka Streams application is behind. */
final class StreamsLag {

  private static final String LAG = "records-lag";

  /** The others restore stores or read tables that every instance has. */
  private static final String MAIN_CONSUMER = "-consumer";

  private static final List<String> OTHER_CONSUMERS =
      List.of("-restore-consumer", "-global-consumer");

  private StreamsLag() {}

  /** Records of the input partitions that were not taken, by the metrics of its consumers. */
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
