package io.saccade.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.StageTimings;
import io.saccade.telemetry.Tracing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InferenceSpanTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static final InferenceRequest REQUEST =
      InferenceRequest.newBuilder()
          .setQuestion(Question.newBuilder().setVideoId("gate").setQuestionId("q1"))
          .setClip(ClipManifest.newBuilder().setClipId("c1"))
          .build();

  @RegisterExtension static final OpenTelemetryExtension SDK = OpenTelemetryExtension.create();

  private final Tracing tracing = new Tracing(SDK.getOpenTelemetry());
  private final InferenceSpan span = new InferenceSpan(tracing, REQUEST, PARENT);

  @Test
  void hasItsStagesEndToEndBelowIt() {
    StageTimings timings =
        StageTimings.newBuilder()
            .setVision(Times.proto(Duration.ofMillis(30)))
            .setPrefill(Times.proto(Duration.ofMillis(20)))
            .setDecode(Times.proto(Duration.ofMillis(50)))
            .build();
    span.answered(Result.newBuilder().setText("red").setTimings(timings).build());

    List<SpanData> spans = SDK.getSpans();
    SpanData infer = spans.get(3);
    assertThat(spans)
        .extracting(SpanData::getName, s -> s.getEndEpochNanos() - s.getStartEpochNanos())
        .startsWith(
            tuple("decode", 50_000_000L),
            tuple("prefill", 20_000_000L),
            tuple("vision", 30_000_000L));
    assertThat(spans.subList(0, 3))
        .allSatisfy(s -> assertThat(s.getParentSpanId()).isEqualTo(infer.getSpanId()));
    assertThat(spans.get(0).getStartEpochNanos()).isEqualTo(spans.get(1).getEndEpochNanos());
    assertThat(spans.get(1).getStartEpochNanos()).isEqualTo(spans.get(2).getEndEpochNanos());
    assertThat(infer.getName()).isEqualTo("infer");
    assertThat(infer.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(infer.getAttributes().get(Tracing.QUESTION_ID)).isEqualTo("q1");
    assertThat(infer.getAttributes().get(Tracing.VIDEO_ID)).isEqualTo("gate");
    assertThat(infer.getAttributes().get(Tracing.CLIP_ID)).isEqualTo("c1");
    assertThat(span.traceparent()).contains(infer.getTraceId(), infer.getSpanId());
  }

  @Test
  void saysThatItFailedAndWhy() {
    Failure failure = Failure.newBuilder().setCode(FailureCode.OUT_OF_MEMORY).build();
    span.answered(Result.newBuilder().setFailure(failure).build());

    SpanData infer = SDK.getSpans().get(0);
    assertThat(infer.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(infer.getStatus().getDescription()).isEqualTo("OUT_OF_MEMORY");
  }

  @Test
  void saysWhyItHasNoResult() {
    span.ended("deadline passed");

    assertThat(SDK.getSpans().get(0).getEvents().get(0).getName()).isEqualTo("deadline passed");
  }

  @Test
  void passesTheParentOnWhereTracingIsOff() {
    InferenceSpan none = new InferenceSpan(Tracing.off(), REQUEST, PARENT);
    none.answered(Result.newBuilder().setText("red").build());

    assertThat(none.traceparent()).isEqualTo(PARENT);
  }
}
