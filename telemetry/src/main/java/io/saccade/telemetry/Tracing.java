package io.saccade.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Spans of questions. A span's place in its trace travels as text, W3C's {@code traceparent}: in
 * records' headers and in stores. Where tracing is off, spans cost nothing and a producer's {@code
 * traceparent} is passed on as it is.
 *
 * <pre>{@code
 * Span span = tracing.span("sample", traceparent).setAttribute(Tracing.CLIP_ID, id).startSpan();
 * ...
 * span.end();
 * }</pre>
 */
public final class Tracing {

  /** The key under which a span's place travels. */
  public static final String TRACEPARENT = "traceparent";

  /** The video that a span is about. */
  public static final AttributeKey<String> VIDEO_ID = AttributeKey.stringKey("saccade.video_id");

  /** The clip that a span is about. */
  public static final AttributeKey<String> CLIP_ID = AttributeKey.stringKey("saccade.clip_id");

  /** The question that a span is about. */
  public static final AttributeKey<String> QUESTION_ID =
      AttributeKey.stringKey("saccade.question_id");

  private static final String SCOPE = "io.saccade";
  private static final Tracing OFF = new Tracing(OpenTelemetry.noop());

  /** What its text may have at most; a longer one is of a version that nobody knows. */
  private static final int MAX_CHARS = 128;

  private final Tracer tracer;

  /** Traces through an SDK, which stays open. */
  public Tracing(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer(SCOPE);
  }

  /** No spans. */
  public static Tracing off() {
    return OFF;
  }

  /**
   * A span to be started.
   *
   * @param traceparent its parent; one that is empty or not as the W3C says makes a new trace
   */
  public SpanBuilder span(String name, String traceparent) {
    return tracer.spanBuilder(name).setParent(context(traceparent));
  }

  /** A span to be started below another one of this process. */
  public SpanBuilder span(String name, Span parent) {
    return tracer.spanBuilder(name).setParent(Context.root().with(parent));
  }

  /**
   * Adds a part of a span that is known only when it is over; none where it took no time.
   *
   * @param end when the part ended
   * @return when it began
   */
  public Instant part(Span parent, String name, Duration time, Instant end) {
    Instant begin = end.minus(time);
    if (begin.isBefore(end)) {
      span(name, parent).setStartTimestamp(begin).startSpan().end(end);
    }
    return begin;
  }

  /** A span's place in its trace, or nothing where there is neither a trace nor a parent. */
  public static String traceparent(Span span) {
    SpanContext context = span.getSpanContext();
    return context.isValid()
        ? "00-%s-%s-%s"
            .formatted(context.getTraceId(), context.getSpanId(), context.getTraceFlags().asHex())
        : "";
  }

  private static Context context(String traceparent) {
    return traceparent.isEmpty() || traceparent.length() > MAX_CHARS
        ? Context.root()
        : W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), traceparent, OnlyTraceparent.INSTANCE);
  }

  /** Reads a traceparent as if from headers that hold nothing else: no {@code tracestate}. */
  private enum OnlyTraceparent implements TextMapGetter<String> {
    INSTANCE;

    @Override
    public Iterable<String> keys(String traceparent) {
      return List.of(TRACEPARENT);
    }

    @Override
    public String get(String traceparent, String key) {
      return key.equals(TRACEPARENT) ? traceparent : null;
    }
  }
}
