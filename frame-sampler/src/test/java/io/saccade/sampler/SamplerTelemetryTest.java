package io.saccade.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.saccade.proto.Times;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.Failure;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.FrameEntry;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.proto.v1.SamplingTimings;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Metrics;
import io.saccade.telemetry.Telemetry;
import io.saccade.telemetry.Tracing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SamplerTelemetryTest {

  private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private static final ClipManifest SAMPLED =
      ClipManifest.newBuilder()
          .addFrames(FrameEntry.getDefaultInstance())
          .setTimings(
              SamplingTimings.newBuilder()
                  .setDecode(Times.proto(Duration.ofMillis(40)))
                  .setPublish(Times.proto(Duration.ofMillis(10))))
          .build();

  private static final ClipManifest FAILED =
      ClipManifest.newBuilder()
          .setFailure(Failure.newBuilder().setCode(FailureCode.VIDEO_CORRUPT))
          .build();

  @RegisterExtension static final OpenTelemetryExtension SDK = OpenTelemetryExtension.create();

  private final Metrics meters = Telemetry.none().metrics(MetricScope.SAMPLER);
  private final SamplerMetrics metrics = new SamplerMetrics(meters);

  @Test
  void countsClipsByHowTheyEnded() {
    metrics.sampled(SAMPLED);
    metrics.sampled(FAILED);

    assertThat(meters.value(Metric.CLIPS_SAMPLED)).isEqualTo(1);
    assertThat(meters.value(Metric.SAMPLER_DECODE)).isEqualTo(1);
    assertThat(meters.value(Metric.CLIPS_FAILED, FailureCode.VIDEO_CORRUPT)).isEqualTo(1);
  }

  @Test
  void bytesAreInFlightUntilTheyAreAcknowledgedOrRefused() {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> second = new CompletableFuture<>();
    var unused = metrics.sent(100, first);
    var unusedToo = metrics.sent(30, second);
    assertThat(meters.value(Metric.FRAME_BYTES_IN_FLIGHT)).isEqualTo(130);

    first.complete(null);
    second.completeExceptionally(new IllegalStateException("too large"));

    assertThat(meters.value(Metric.FRAME_BYTES_IN_FLIGHT)).isZero();
    assertThat(meters.value(Metric.FRAME_BYTES_SENT)).isEqualTo(130);
    assertThat(meters.value(Metric.FRAMES_SENT)).isEqualTo(2);
  }

  @Test
  void aSamplingIsASpanWithItsPartsBelowIt() {
    SamplingSpan span = span();
    span.sampled(SAMPLED);

    SpanData sample = SDK.getSpans().get(2);
    assertThat(SDK.getSpans())
        .extracting(SpanData::getName, SpanData::getParentSpanId)
        .containsExactly(
            tuple("publish", sample.getSpanId()),
            tuple("decode", sample.getSpanId()),
            tuple("sample", "b7ad6b7169203331"));
    assertThat(sample.getAttributes().get(Tracing.VIDEO_ID)).isEqualTo("gate");
    assertThat(sample.getAttributes().get(Tracing.CLIP_ID)).isEqualTo("c1");
    assertThat(span.traceparent()).contains(sample.getSpanId());
  }

  @Test
  void aSpanSaysThatItFailedOrWasLeft() {
    span().sampled(FAILED);
    span().abandoned();

    assertThat(SDK.getSpans().get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(SDK.getSpans().get(0).getStatus().getDescription()).isEqualTo("VIDEO_CORRUPT");
    assertThat(SDK.getSpans().get(1).getEvents().get(0).getName())
        .isEqualTo("left to the next member");
  }

  private static SamplingSpan span() {
    SamplingRequest request =
        SamplingRequest.newBuilder().setVideoId("gate").setClipId("c1").build();
    return new SamplingSpan(new Tracing(SDK.getOpenTelemetry()), request, PARENT);
  }
}
