package io.saccade.router;

import com.google.protobuf.MessageLite;
import io.saccade.bus.DeadLetters;
import io.saccade.bus.DeadLetters.Origin;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Alert;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.SamplingRequest;
import java.util.List;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * What the arbiter sends, and the clock it stamps it with. A sink bears the name of its topic
 * without prefix.
 */
final class Outbox {

  /** How dead letters name us. */
  static final String ROLE = "router";

  /** The topics that the router writes. */
  static final List<Topic<?>> TOPICS =
      List.of(
          Topics.SAMPLING_REQUESTS,
          Topics.INFERENCE_REQUESTS,
          Topics.ANSWERS,
          Topics.ALERTS,
          Topics.DEAD_LETTERS);

  private final ProcessorContext<String, MessageLite> context;

  Outbox(ProcessorContext<String, MessageLite> context) {
    this.context = context;
  }

  /** Wall clock, milliseconds since the epoch. */
  long now() {
    return context.currentSystemTimeMs();
  }

  void sample(SamplingRequest request) {
    send(Topics.SAMPLING_REQUESTS, request.getVideoId(), request);
  }

  void infer(InferenceRequest request) {
    send(Topics.INFERENCE_REQUESTS, request.getQuestion().getVideoId(), request);
  }

  void answer(Answer answer) {
    send(Topics.ANSWERS, answer.getVideoId(), answer);
  }

  void alert(Alert alert) {
    send(Topics.ALERTS, alert.getVideoId(), alert);
  }

  /** Sends the record under way, whose value was these bytes, to the operator. */
  DeadLetter deadLetter(Record<String, ?> record, byte[] value, String reason) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    Origin origin = new Origin(at.topic(), at.partition(), at.offset(), record.timestamp());
    DeadLetter letter = DeadLetters.of(ROLE, origin, record.key(), value, reason);
    send(Topics.DEAD_LETTERS, DeadLetters.key(letter), letter);
    return letter;
  }

  /** Neither the input's timestamp nor its headers are passed on: both may be hostile. */
  private void send(Topic<?> topic, String key, MessageLite value) {
    context.forward(new Record<>(key, value, now()), topic.name());
  }
}
