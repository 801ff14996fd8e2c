package io.saccade.router.streams;

import com.google.protobuf.MessageLite;
import io.saccade.bus.DeadLetters;
import io.saccade.bus.DeadLetters.Origin;
import io.saccade.proto.Parsed;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.router.flow.RouterOutputs;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps the table of a topic that every router knows. A global processor cannot write to topics,
 * and sees the whole topic again at each start: what it refuses goes to a consumer, each time.
 *
 * <p>The last record of a key counts, also one that is refused: it takes away what stood under the
 * key before, which compaction is about to remove. Otherwise routers would differ in what they know
 * by when they started. This goes for model cards as for standing questions: a worker that replaced
 * its card no longer serves the model as the card before described it, and clips sampled for that
 * one would be of no use to it.
 *
 * @param <M> the topic's message
 */
final class GlobalProcessor<M extends MessageLite>
    implements Processor<String, Parsed<M>, Void, Void> {

  private final String store;
  private final BiFunction<String, M, Optional<String>> rules;
  private final BiConsumer<String, M> onChange;
  private final Consumer<DeadLetter> deadLetters;
  private ProcessorContext<Void, Void> context;
  private KeyValueStore<String, M> table;

  /**
   * A processor of one topic.
   *
   * @param store the table's name
   * @param rules what is wrong with a message that came under a key, or nothing
   * @param onChange told each key that changed with what stands under it now, or null
   */
  GlobalProcessor(
      String store,
      BiFunction<String, M, Optional<String>> rules,
      BiConsumer<String, M> onChange,
      Consumer<DeadLetter> deadLetters) {
    this.store = store;
    this.rules = rules;
    this.onChange = onChange;
    this.deadLetters = deadLetters;
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    this.context = context;
    this.table = context.getStateStore(store);
  }

  @Override
  public void process(Record<String, Parsed<M>> record) {
    Parsed<M> parsed = record.value();
    if (parsed == null) {
      forget(record.key());
    } else if (parsed instanceof Parsed.Valid<M> valid) {
      accept(record, valid.message());
    } else if (parsed instanceof Parsed.Malformed<M> malformed) {
      reject(record, malformed.bytes(), malformed.reason());
    }
  }

  /** Nothing stands under this key. */
  private void forget(String key) {
    if (key != null) {
      table.delete(key);
      onChange.accept(key, null);
    }
  }

  private void accept(Record<String, ?> record, M message) {
    Optional<String> problem = rules.apply(record.key(), message);
    if (problem.isPresent()) {
      reject(record, message.toByteArray(), problem.get());
    } else {
      table.put(record.key(), message);
      onChange.accept(record.key(), message);
    }
  }

  private void reject(Record<String, ?> record, byte[] value, String reason) {
    forget(record.key());
    RecordMetadata at = context.recordMetadata().orElseThrow();
    Origin origin = new Origin(at.topic(), at.partition(), at.offset(), record.timestamp());
    deadLetters.accept(DeadLetters.of(RouterOutputs.ROLE, origin, record.key(), value, reason));
  }
}
