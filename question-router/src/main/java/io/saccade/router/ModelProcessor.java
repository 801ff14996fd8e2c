package io.saccade.router;

import io.saccade.bus.DeadLetters;
import io.saccade.bus.DeadLetters.Origin;
import io.saccade.proto.Parsed;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.ModelCard;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the announced models. A global processor cannot write to topics, and sees the whole topic
 * again at each start: what it refuses goes to a consumer, each time.
 */
final class ModelProcessor implements Processor<String, Parsed<ModelCard>, Void, Void> {

  private final Consumer<DeadLetter> deadLetters;
  private ProcessorContext<Void, Void> context;
  private KeyValueStore<String, ModelCard> cards;

  ModelProcessor(Consumer<DeadLetter> deadLetters) {
    this.deadLetters = deadLetters;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    this.cards = context.getStateStore(Models.MODELS);
  }

  @Override
  public void process(Record<String, Parsed<ModelCard>> record) {
    Parsed<ModelCard> parsed = record.value();
    if (parsed == null) {
      forget(record.key());
    } else if (parsed instanceof Parsed.Valid<ModelCard> valid) {
      accept(record, valid.message());
    } else if (parsed instanceof Parsed.Malformed<ModelCard> malformed) {
      reject(record, malformed.bytes(), malformed.reason());
    }
  }

  private void forget(String name) {
    if (name != null) {
      cards.delete(name);
    }
  }

  private void accept(Record<String, ?> record, ModelCard card) {
    ModelRules.problem(record.key(), card)
        .ifPresentOrElse(
            problem -> reject(record, card.toByteArray(), problem),
            () -> cards.put(card.getName(), card));
  }

  private void reject(Record<String, ?> record, byte[] value, String reason) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    Origin origin = new Origin(at.topic(), at.partition(), at.offset(), record.timestamp());
    deadLetters.accept(DeadLetters.of(Outbox.ROLE, origin, record.key(), value, reason));
  }
}
