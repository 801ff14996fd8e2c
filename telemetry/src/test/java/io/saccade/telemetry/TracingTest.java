package io.saccade.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @RegisterExtension static final OpenTelemetryExtension SDK = OpenTelemetryExtension.create();

  private final Tracing tracing = new Tracing(SDK.getOpenTelemetry());

  @Test
  void aSpanHangsBelowItsTraceparent() {
    Span span = tracing.span("route", PARENT).startSpan();
    tracing.span("sample", Tracing.traceparent(span)).startSpan().end();
    tracing.span("vision", span).startSpan().end();
    span.end();

    assertThat(SDK.getSpans())
        .allSatisfy(s -> assertThat(s.getTraceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c"))
        .extracting(SpanData::getParentSpanId)
        .containsExactly(
            span.getSpanContext().getSpanId(),
            span.getSpanContext().getSpanId(),
            "b7ad6b7169203331");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01\n"
      })
  void whatIsNoTraceparentMakesANewTrace(String hostile) {
    Span span = tracing.span("route", hostile).startSpan();
    span.end();

    assertThat(SDK.getSpans().get(0).getParentSpanContext().isValid()).isFalse();
    assertThat(span.getSpanContext().isValid()).isTrue();
  }

  @Test
  void aLongOneIsNotParsed() {
    Span span = tracing.span("route", PARENT + "-" + "0".repeat(1_000_000)).startSpan();
    span.end();

    assertThat(SDK.getSpans().get(0).getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void passesAProducersOnWhereItIsOff() {
    assertThat(Tracing.traceparent(Tracing.off().span("route", PARENT).startSpan()))
        .isEqualTo(PARENT);
    assertThat(Tracing.traceparent(Tracing.off().span("route", "").startSpan())).isEmpty();
    assertThat(Tracing.traceparent(Tracing.off().span("route", "nonsense").startSpan())).isEmpty();
  }
}
