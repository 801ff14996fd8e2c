package io.saccade.worker;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.saccade.proto.Times;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.StageTimings;
import io.saccade.telemetry.Tracing;
import java.time.Instant;

/**
 * The span of one request, from when the worker took it until its result. The stages are spans
 * below it, end to end before the result; the waits between them are not told apart and come first.
 */
final class InferenceSpan {

  private final Tracing tracing;
  private final Span span;

  /**
   * Begins the span of a request.
   *
   * @param traceparent the span that asked for it
   */
  InferenceSpan(Tracing tracing, InferenceRequest request, String traceparent) {
    this.tracing = tracing;
    this.span =
        tracing
            .span("infer", traceparent)
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute(Tracing.VIDEO_ID, request.getQuestion().getVideoId())
            .setAttribute(Tracing.CLIP_ID, request.getClip().getClipId())
            .setAttribute(Tracing.QUESTION_ID, request.getQuestion().getQuestionId())
            .setAttribute("saccade.attempt", request.getAttempt())
            .setAttribute("saccade.model", request.getQuestion().getModel())
            .startSpan();
  }

  /** Its place in its trace, for what the worker writes. */
  String traceparent() {
    return Tracing.traceparent(span);
  }

  /** Ends it with a result. */
  void answered(Result result) {
    if (!span.isRecording()) {
      return;
    }
    if (result.hasFailure()) {
      span.setStatus(StatusCode.ERROR, result.getFailure().getCode().name());
    }
    span.setAttribute("saccade.tokens", result.getUsage().getGeneratedTokens());
    Instant end = Instant.now();
    addStages(result.getTimings(), end);
    span.end(end);
  }

  /** Ends it without a result. */
  void ended(String why) {
    span.addEvent(why);
    span.end();
  }

  private void addStages(StageTimings timings, Instant end) {
    Instant decode = tracing.part(span, "decode", Times.java(timings.getDecode()), end);
    Instant prefill = tracing.part(span, "prefill", Times.java(timings.getPrefill()), decode);
    Instant vision = tracing.part(span, "vision", Times.java(timings.getVision()), prefill);
    tracing.part(span, "transport", Times.java(timings.getTransport()), vision);
  }
}
