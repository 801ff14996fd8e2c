package io.saccade.router.flow;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.saccade.bus.TraceHeaders;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.Question;
import io.saccade.router.state.OpenQuestions;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.telemetry.Tracing;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;

/**
 * The router's spans. A question is open across restarts and moves between routers, so no span
 * lasts as long: {@code route} ends when the question is taken up, is kept with it as text and is
 * the parent of whatever is done for it, {@code answer} last. Work that a crash or a rebalance
 * undoes and repeats may leave spans twice.
 */
final class RouterTraces {

  private final Tracing tracing;

  RouterTraces(Tracing tracing) {
    this.tracing = tracing;
  }

  /**
   * A question was taken up.
   *
   * @param headers of its record, which may name the producer's span
   * @param askedAt its record's timestamp, milliseconds since the epoch
   * @return the place of {@code route} in its trace, or empty
   */
  String opened(Question question, Headers headers, long askedAt) {
    return route(question, TraceHeaders.read(headers), askedAt);
  }

  /**
   * A question goes to the workers.
   *
   * @return its place in its trace; one of a standing question, which no record asked, begins its
   *     trace here, so that windows that are skipped leave none
   */
  String requested(OpenQuestion question) {
    return OpenQuestions.isStanding(question) && question.getTraceparent().isEmpty()
        ? route(question.getQuestion(), "", question.getAskedAt())
        : question.getTraceparent();
  }

  private String route(Question question, String producer, long askedAt) {
    Instant now = Instant.now();
    Instant asked = Instant.ofEpochMilli(askedAt);
    Span span =
        tracing
            .span("route", producer)
            .setSpanKind(SpanKind.CONSUMER)
            .setStartTimestamp(asked.isBefore(now) ? asked : now)
            .setAttribute(Tracing.VIDEO_ID, question.getVideoId())
            .setAttribute(Tracing.QUESTION_ID, question.getQuestionId())
            .startSpan();
    span.end(now);
    return Tracing.traceparent(span);
  }

  /**
   * A question was answered.
   *
   * @return the place of {@code answer} in the question's trace, or empty
   */
  String answered(OpenQuestion question, Answer answer) {
    Span span =
        tracing
            .span("answer", question.getTraceparent())
            .setSpanKind(SpanKind.PRODUCER)
            .setAttribute(Tracing.VIDEO_ID, answer.getVideoId())
            .setAttribute(Tracing.CLIP_ID, answer.getClipId())
            .setAttribute(Tracing.QUESTION_ID, answer.getQuestionId())
            .setAttribute("saccade.status", answer.getStatus().name())
            .startSpan();
    if (answer.getStatus() == AnswerStatus.FAILED) {
      span.setStatus(StatusCode.ERROR, answer.getFailure().getCode().name());
    }
    span.end();
    return Tracing.traceparent(span);
  }
}
