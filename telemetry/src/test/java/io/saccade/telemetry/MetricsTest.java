package io.saccade.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.FailureCode;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Telemetry telemetry = new Telemetry(registry, Tracing.off());
  private final Metrics router = telemetry.metrics(MetricScope.ROUTER);

  @Test
  void namesAreDistinctAndSayWhoseTheyAre() {
    assertThat(Metric.values()).extracting(Metric::meter).doesNotHaveDuplicates();
    for (Metric metric : Metric.values()) {
      assertThat(metric.meter()).matches("[a-z]+(\\.[a-z]+)+");
      assertThat(metric.description()).isNotBlank().doesNotEndWith(".");
      if (metric.owner() != MetricScope.EACH_ROLE && metric.owner() != MetricScope.PROCESS) {
        assertThat(metric.meter()).startsWith("saccade." + metric.owner().label() + ".");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "EACH_ROLE", mode = EnumSource.Mode.EXCLUDE)
  void allOfARoleIsThereFromTheStart(MetricScope owner) {
    SimpleMeterRegistry own = new SimpleMeterRegistry();
    new Telemetry(own, Tracing.off()).metrics(owner);

    Set<String> expected =
        Stream.of(Metric.values())
            .filter(
                m ->
                    m.owner() == owner
                        || (m.owner() == MetricScope.EACH_ROLE && owner != MetricScope.PROCESS))
            .map(Metric::meter)
            .collect(Collectors.toSet());
    assertThat(names(own)).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** This registry keeps buckets as meters beside. */
  private static Set<String> names(SimpleMeterRegistry registry) {
    return registry.getMeters().stream()
        .map(meter -> meter.getId().getName().replaceFirst("\\.histogram$", ""))
        .collect(Collectors.toSet());
  }

  @Test
  void noValueIsThatOfAMetricWithoutALabel() {
    router.add(Metric.QUESTIONS_OPENED, null, 3);

    assertThat(router.value(Metric.QUESTIONS_OPENED, null)).isEqualTo(3);
    assertThat(router.value(Metric.QUESTIONS_OPENED)).isEqualTo(3);
  }

  @Test
  void aLabelsValuesAreTheConstantsOfItsEnum() {
    router.count(Metric.QUESTIONS_CLOSED, AnswerStatus.OK);
    router.count(Metric.QUESTIONS_FAILED, FailureCode.UNRECOGNIZED);

    assertThat(router.value(Metric.QUESTIONS_CLOSED, AnswerStatus.OK)).isEqualTo(1);
    assertThat(router.value(Metric.QUESTIONS_CLOSED, AnswerStatus.FAILED)).isZero();
    assertThat(
            registry.get("saccade.router.questions.closed").tag("status", "ok").counter().count())
        .isEqualTo(1);
    assertThat(router.value(Metric.QUESTIONS_FAILED, FailureCode.UNRECOGNIZED)).isEqualTo(1);
  }

  @Test
  void refusesWhatIsNotItsMetricOrNotItsLabel() {
    assertThatThrownBy(() -> router.count(Metric.TOKENS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("TOKENS with null is no metric of the router");
    assertThatThrownBy(() -> router.count(Metric.QUESTIONS_CLOSED))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> router.count(Metric.QUESTIONS_CLOSED, FailureCode.OVERLOADED))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> router.count(Metric.QUESTIONS_OPENED, AnswerStatus.OK))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aGaugeIsSetOrAsks() {
    long[] lag = {3};
    router.gauge(Metric.LAG, () -> lag[0]);
    router.set(Metric.QUESTIONS_OPEN, 7);
    lag[0] = 4;

    assertThat(router.value(Metric.LAG)).isEqualTo(4);
    assertThat(registry.get("saccade.lag").tag("role", "router").gauge().value()).isEqualTo(4);
    assertThat(router.value(Metric.QUESTIONS_OPEN)).isEqualTo(7);
  }

  @Test
  void theSameRoleHasTheSameMeters() {
    assertThat(telemetry.metrics(MetricScope.ROUTER)).isSameAs(router);
    assertThat(telemetry.metrics(MetricScope.WORKER, "model", "a"))
        .isSameAs(telemetry.metrics(MetricScope.WORKER, "model", "a"))
        .isNotSameAs(telemetry.metrics(MetricScope.WORKER, "model", "b"));
  }

  @Test
  void theLineHasOnlyTheRolesOwn() {
    Metrics worker = telemetry.metrics(MetricScope.WORKER, "model", "m");
    worker.add(Metric.TOKENS, 5);
    worker.record(Metric.BATCH_SIZE, 1);
    worker.record(Metric.BATCH_SIZE, 4);
    worker.time(Metric.DECODE, Duration.ofMillis(20));

    assertThat(worker.line())
        .contains("tokens=5", "batch_size=2.5", "decode=1 decode_ms=20", "clip_bytes=0")
        .doesNotContain("lag", "questions", "results_failed");
  }
}
