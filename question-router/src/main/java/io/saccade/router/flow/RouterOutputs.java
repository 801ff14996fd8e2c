package io.saccade.router.flow;

import com.google.protobuf.MessageLite;
import io.saccade.bus.DeadLetters;
import io.saccade.bus.DeadLetters.Origin;
import io.saccade.bus.TraceHeaders;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Alert;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.SamplingRequest;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Sends the arbiter's records, stamped with the wall clock, to the sinks of the topology. A sink
 * has the name of its topic without prefix. Public for the package {@code streams} only.
 */
public final class RouterOutputs {

  /** The role that dead letters of the router name. */
  public static final String ROLE = "router";

  /** The topics that the router writes. */
  public static final List<Topic<?>> TOPICS =
      List.of(
          Topics.SAMPLING_REQUESTS,
          Topics.INFERENCE_REQUESTS,
          Topics.ANSWERS,
          Topics.ALERTS,
          Topics.DEAD_LETTERS);

  private final ProcessorContext<String, MessageLite> context;

  RouterOutputs(ProcessorContext<String, MessageLite> context) {
    this.context = context;
  }

  /** Wall clock, milliseconds since the epoch. */
  long now() {
    return context.currentSystemTimeMs();
  }

  void sample(SamplingRequest request, String traceparent) {
    send(Topics.SAMPLING_REQUESTS, request.getVideoId(), request, traceparent);
  }

  void infer(InferenceRequest request, String traceparent) {
    send(Topics.INFERENCE_REQUESTS, request.getQuestion().getVideoId(), request, traceparent);
  }

  void answer(Answer answer, String traceparent) {
    send(Topics.ANSWERS, answer.getVideoId(), answer, traceparent);
  }

  void alert(Alert alert, String traceparent) {
    send(Topics.ALERTS, alert.getVideoId(), alert, traceparent);
  }

  /**
   * Sends the record that is being processed to the dead letters.
   *
   * @param value the bytes of its value
   */
  DeadLetter deadLetter(Record<String, ?> record, byte[] value, String reason) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    Origin origin = new Origin(at.topic(), at.partition(), at.offset(), record.timestamp());
    DeadLetter letter = DeadLetters.of(ROLE, origin, record.key(), value, reason);
    send(Topics.DEAD_LETTERS, DeadLetters.key(letter), letter, "");
    return letter;
  }

  /** The input's timestamp and headers are not passed on, because they are untrusted. */
  private void send(Topic<?> topic, String key, MessageLite value, String traceparent) {
    RecordHeaders headers = new RecordHeaders(TraceHeaders.of(traceparent));
    context.forward(new Record<>(key, value, now(), headers), topic.name());
  }
}
