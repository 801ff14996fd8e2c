package io.saccade.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PrometheusMetricsTest {

  /** Asks for a collection until there was one. */
  private static void collectGarbage() {
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    while (!garbage.refersTo(null)) {
      System.gc();
    }
  }

  @Test
  @Timeout(60)
  void whatItMeasuresOutlivesACollection() {
    try (PrometheusMetrics metrics = new PrometheusMetrics()) {
      new Telemetry(metrics.registry(), Tracing.off())
          .metrics(MetricScope.ROUTER)
          .gauge(Metric.QUESTIONS_OPEN, () -> 7);

      collectGarbage();

      assertThat(metrics.scrape())
          .doesNotContain("NaN")
          .containsPattern("process_resident_memory_bytes [1-9]")
          .containsPattern("saccade_router_questions_open 7");
    }
  }
}
