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
 * Keeps the global table of a topic that every router reads as a whole. A global processor cannot
 * write to topics and reads the whole topic again at each start, so it passes refused records to a
 * consumer, again at each start.
 *
 * <p>The last record of a key counts. If it is refused, the key is removed from the table, because
 * compaction is going to remove the record before it; otherwise the tables of routers would depend
 * on when they started. For models this is right, too: a worker that replaced its card no longer
 * serves the model that the card before described, and could not use clips sampled for it.
 *
 * <p>See decision 57 in {@code docs/decisions.md}.
 *
 * @param <M> the topic's message type
 */
final class GlobalProcessor<M extends MessageLite>
    implements Processor<String, Parsed<M>, Void, Void> {

  private final String store;
  private final BiFunction<String, M, Optional<String>> rules;
  private final BiConsumer<String, M> onPut;
  private final Consumer<String> onRemove;
  private final Consumer<DeadLetter> deadLetters;
  private ProcessorContext<Void, Void> context;
  private KeyValueStore<String, M> table;

  /**
   * A processor of one topic.
   *
   * @param store the table's name
   * @param rules the rule that a message with this key breaks, or empty
   * @param onPut called with each key and message that the table takes
   * @param onRemove called with each key that is withdrawn or whose last message is refused
   * @param deadLetters takes the records that are refused
   */
  GlobalProcessor(
      String store,
      BiFunction<String, M, Optional<String>> rules,
      BiConsumer<String, M> onPut,
      Consumer<String> onRemove,
      Consumer<DeadLetter> deadLetters) {
    this.store = store;
    this.rules = rules;
    this.onPut = onPut;
    this.onRemove = onRemove;
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
      remove(record.key());
    } else if (parsed instanceof Parsed.Valid<M> valid) {
      accept(record, valid.message());
    } else if (parsed instanceof Parsed.Malformed<M> malformed) {
      reject(record, malformed.bytes(), malformed.reason());
    }
  }

  private void remove(String key) {
    if (key != null) {
      table.delete(key);
      onRemove.accept(key);
    }
  }

  private void accept(Record<String, ?> record, M message) {
    Optional<String> problem = rules.apply(record.key(), message);
    if (problem.isPresent()) {
      reject(record, message.toByteArray(), problem.get());
    } else {
      table.put(record.key(), message);
      onPut.accept(record.key(), message);
    }
  }

  private void reject(Record<String, ?> record, byte[] value, String reason) {
    remove(record.key());
    RecordMetadata at = context.recordMetadata().orElseThrow();
    Origin origin = new Origin(at.topic(), at.partition(), at.offset(), record.timestamp());
    deadLetters.accept(DeadLetters.of(RouterOutputs.ROLE, origin, record.key(), value, reason));
  }
}
