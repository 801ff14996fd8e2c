package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.saccade.bus.TraceHeaders;
import io.saccade.proto.Parsed;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.router.RouterLimits;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Stage;
import io.saccade.telemetry.Telemetry;
import io.saccade.telemetry.Tracing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The metrics and spans of the router. */
final class RouterTelemetryTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PRODUCER = "00-" + TRACE + "-b7ad6b7169203331-01";

  @RegisterExtension static final OpenTelemetryExtension SDK = OpenTelemetryExtension.create();

  private RouterHarness router;

  @BeforeEach
  void start(@TempDir Path folder) {
    Tracing tracing = new Tracing(SDK.getOpenTelemetry());
    router =
        new RouterHarness(
            folder, RouterLimits.DEFAULT, new Telemetry(new SimpleMeterRegistry(), tracing));
    router.model(Samples.model("m"));
    router.video(Samples.video("v"));
  }

  @AfterEach
  void stop() {
    router.close();
  }

  @Test
  void onePlaceInTheTraceIsKeptFromTheQuestionToItsAnswer() {
    ask("q", PRODUCER);
    TestRecord<String, Parsed<SamplingRequest>> sampling =
        router.records(Topics.SAMPLING_REQUESTS).get(0);
    SpanData route = SDK.getSpans().get(0);
    assertThat(route.getName()).isEqualTo("route");
    assertThat(route.getTraceId()).isEqualTo(TRACE);
    assertThat(route.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(TraceHeaders.read(sampling.headers())).isEqualTo(place(route));

    SamplingRequest request = ((Parsed.Valid<SamplingRequest>) sampling.value()).message();
    router.sampled(Samples.manifest(request, 0));
    TestRecord<String, ?> inference = router.records(Topics.INFERENCE_REQUESTS).get(0);
    assertThat(TraceHeaders.read(inference.headers())).isEqualTo(place(route));
  }

  @Test
  void theAnswerIsTheLastOfTheQuestionsTrace() {
    InferenceRequest request = requested("q", PRODUCER);
    router.inferred(Samples.result(request, "red"));

    TestRecord<String, ?> answer = router.records(Topics.ANSWERS).get(0);
    List<SpanData> spans = SDK.getSpans();
    assertThat(spans).extracting(SpanData::getName).containsExactly("route", "answer");
    assertThat(spans.get(1).getParentSpanId()).isEqualTo(spans.get(0).getSpanId());
    assertThat(spans.get(1).getAttributes().get(Tracing.CLIP_ID))
        .isEqualTo(request.getClip().getClipId());
    assertThat(TraceHeaders.read(answer.headers())).isEqualTo(place(spans.get(1)));
  }

  @Test
  void aFailureIsAnErrorOfItsCode() {
    InferenceRequest request = requested("q", "");
    router.inferred(Samples.failedResult(request, FailureCode.OUT_OF_MEMORY));
    router.answer();

    assertThat(SDK.getSpans().get(1).getStatus())
        .isEqualTo(StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, "OUT_OF_MEMORY"));
    assertThat(router.metrics.value(Metric.QUESTIONS_FAILED, FailureCode.OUT_OF_MEMORY))
        .isEqualTo(1);
    assertThat(router.metrics.value(Metric.QUESTIONS_CLOSED, AnswerStatus.FAILED)).isEqualTo(1);
    assertThat(router.metrics.value(Metric.STAGE, Stage.TOTAL)).isZero();
  }

  @Test
  void answersAreMeasuredByStage() {
    router.inferred(Samples.result(requested("q", ""), "red"));
    router.answer();

    for (Stage stage : Stage.values()) {
      assertThat(router.metrics.value(Metric.STAGE, stage)).as(stage.name()).isEqualTo(1);
    }
    assertThat(router.metrics.value(Metric.QUESTIONS_CLOSED, AnswerStatus.OK)).isEqualTo(1);
  }

  @Test
  void anIdleRouterReportsTheNumberOfStandingQuestions() {
    router.standing(Samples.standing("s", "gate"));
    router.standing(Samples.standing("t", "gate"));
    router.advance(Duration.ofSeconds(30));
    assertThat(router.metrics.value(Metric.STANDING_QUESTIONS)).isEqualTo(2);
    router.pipe(Topics.STANDING_QUESTIONS, "t", null);
    router.advance(Duration.ofSeconds(30));
    assertThat(router.metrics.value(Metric.STANDING_QUESTIONS)).isEqualTo(1);
  }

  @Test
  void aWindowsQuestionHasATraceOfItsOwnFromItsRequestOn() {
    router.video(Samples.feed("gate"));
    router.standing(Samples.standing("s", "gate"));
    router.sampled(Samples.window("gate", 'a', 0, router.now(), Duration.ofSeconds(10)));

    TestRecord<String, Parsed<InferenceRequest>> sent =
        router.records(Topics.INFERENCE_REQUESTS).get(0);
    SpanData route = SDK.getSpans().get(0);
    assertThat(route.getParentSpanContext().isValid()).isFalse();
    assertThat(TraceHeaders.read(sent.headers())).isEqualTo(place(route));

    InferenceRequest request = ((Parsed.Valid<InferenceRequest>) sent.value()).message();
    router.inferred(Samples.result(request, "nobody"));
    router.answer();
    assertThat(SDK.getSpans().get(1).getParentSpanId()).isEqualTo(route.getSpanId());
  }

  private InferenceRequest requested(String id, String traceparent) {
    ask(id, traceparent);
    router.sampled(Samples.manifest(router.samplingRequest(), 0));
    return router.inferenceRequest();
  }

  private void ask(String id, String traceparent) {
    Question question = Samples.question("v", id);
    router.pipe(
        Topics.QUESTIONS,
        "v",
        question.toByteArray(),
        new RecordHeaders(TraceHeaders.of(traceparent)));
  }

  private static String place(SpanData span) {
    return "00-"
        + span.getTraceId()
        + "-"
        + span.getSpanId()
        + "-"
        + span.getSpanContext().getTraceFlags().asHex();
  }
}
