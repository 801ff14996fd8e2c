package io.saccade.router;

import com.google.protobuf.MessageLite;
import io.saccade.proto.Parsed;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Hands the records of one input to the arbiter of their partition, and what is not a record of
 * that input to the operator.
 *
 * @param <M> the input's message
 */
class InputProcessor<M extends MessageLite>
    implements Processor<String, Parsed<M>, String, MessageLite> {

  private final Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters;
  private final BiConsumer<Arbiter, Record<String, M>> values;
  private final BiConsumer<Arbiter, Record<String, ?>> tombstones;
  private Arbiter arbiter;

  InputProcessor(
      Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters,
      BiConsumer<Arbiter, Record<String, M>> values,
      BiConsumer<Arbiter, Record<String, ?>> tombstones) {
    this.arbiters = arbiters;
    this.values = values;
    this.tombstones = tombstones;
  }

  @Override
  public void init(ProcessorContext<String, MessageLite> context) {
    arbiter = arbiters.apply(context);
  }

  @Override
  public void process(Record<String, Parsed<M>> record) {
    Parsed<M> parsed = record.value();
    if (parsed == null) {
      tombstones.accept(arbiter, record);
    } else if (parsed instanceof Parsed.Valid<M> valid) {
      values.accept(arbiter, record.withValue(valid.message()));
    } else if (parsed instanceof Parsed.Malformed<M> malformed) {
      arbiter.reject(record, malformed.bytes(), malformed.reason());
    }
  }

  /** The partition's arbiter, from {@link #init} on. */
  final Arbiter arbiter() {
    return arbiter;
  }
}
