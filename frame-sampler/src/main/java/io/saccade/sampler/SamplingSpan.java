package io.saccade.sampler;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.SamplingTimings;
import io.saccade.telemetry.Tracing;
import java.time.Instant;

/** The span of one sampling; decoding and publishing are spans below it, before its end. */
final class SamplingSpan {

  private final Tracing tracing;
  private final Span span;

  /**
   * Begins the span of a request.
   *
   * @param traceparent the span that asked for it
   */
  SamplingSpan(Tracing tracing, SamplingRequest request, String traceparent) {
    this.tracing = tracing;
    this.span =
        tracing
            .span("sample", traceparent)
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute(Tracing.VIDEO_ID, request.getVideoId())
            .setAttribute(Tracing.CLIP_ID, request.getClipId())
            .setAttribute("saccade.attempt", request.getAttempt())
            .startSpan();
  }

  /** Its place in its trace, for what the sampler writes. */
  String traceparent() {
    return Tracing.traceparent(span);
  }

  /** Ends it with a manifest. */
  void sampled(ClipManifest manifest) {
    if (!span.isRecording()) {
      return;
    }
    if (manifest.hasFailure()) {
      span.setStatus(StatusCode.ERROR, manifest.getFailure().getCode().name());
    }
    span.setAttribute("saccade.frames", manifest.getFramesCount());
    Instant end = Instant.now();
    SamplingTimings timings = manifest.getTimings();
    Instant publish = tracing.part(span, "publish", Times.java(timings.getPublish()), end);
    tracing.part(span, "decode", Times.java(timings.getDecode()), publish);
    span.end(end);
  }

  /** Ends it without a manifest: the sampler stops, another one takes the request. */
  void abandoned() {
    span.addEvent("left to the next member");
    span.end();
  }
}
