package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

final class StreamsLagTest {

  private final Map<MetricName, Metric> metrics = new HashMap<>();

  private void lag(String client, String topic, double records) {
    Map<String, String> tags = Map.of("client-id", client, "topic", topic, "partition", "0");
    add(new MetricName("records-lag", "consumer-fetch-manager-metrics", "", tags), records);
  }

  private void add(MetricName name, Object value) {
    metrics.put(
        name,
        new Metric() {
          @Override
          public MetricName metricName() {
            return name;
          }

          @Override
          public Object metricValue() {
            return value;
          }
        });
  }

  @Test
  void inputsOfAllThreadsAreCounted() {
    lag("router-1-StreamThread-1-consumer", "questions", 3);
    lag("router-1-StreamThread-2-consumer", "results", 4);
    lag("router-1-StreamThread-2-consumer", "clips", Double.NaN);
    assertThat(StreamsLag.of(metrics)).isEqualTo(7);
  }

  @Test
  void whatEveryRouterReadsOrRestoresIsNot() {
    lag("router-1-StreamThread-1-restore-consumer", "changelog", 1_000);
    lag("router-1-global-consumer", "standing-questions", 1_000);
    lag("router-1-StreamThread-1-producer", "answers", 1_000);
    add(
        new MetricName(
            "records-lag", "", "", Map.of("client-id", "router-1-StreamThread-1-consumer")),
        1_000.0);
    assertThat(StreamsLag.of(metrics)).isZero();
  }
}
