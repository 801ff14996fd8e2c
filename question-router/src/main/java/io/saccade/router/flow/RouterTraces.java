package io.saccade.router.flow;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.saccade.bus.TraceHeaders;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.Question;
import io.saccade.router.state.StandingQuestions;
import io.saccade.router.v1.OpenQuestion;
import io.saccade.telemetry.Tracing;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;

/**
 * Creates the router's spans. A question stays open across restarts and moves between routers, so
 * no span lasts from question to answer. The span {@code route} ends when the question is opened;
 * its {@code traceparent} (W3C Trace Context) is stored with the question and is the parent of all
 * further spans of the question, the last of which is {@code answer}. Work that is repeated after a
 * crash or a rebalance may leave spans twice.
 *
 * <p>See decision 61 in {@code docs/decisions.md}.
 */
final class RouterTraces {

  private final Tracing tracing;

  RouterTraces(Tracing tracing) {
    this.tracing = tracing;
  }

  /**
   * Ends the span {@code route} of an on-demand question.
   *
   * @param headers the headers of its record, which may name the producer's span
   * @param askedAt its record's timestamp, milliseconds since the epoch
   * @return the traceparent of {@code route}; empty without tracing
   */
  String opened(Question question, Headers headers, long askedAt) {
    return route(question, TraceHeaders.read(headers), askedAt);
  }

  /**
   * The trace of a question that is sent to the workers.
   *
   * @return its traceparent; the trace of a question about a window begins here, so that skipped
   *     windows have none
   */
  String requested(OpenQuestion question) {
    return StandingQuestions.isWindowQuestion(question) && question.getTraceparent().isEmpty()
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
   * Ends the span {@code answer} of a question.
   *
   * @return the traceparent of {@code answer}; empty without tracing
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
