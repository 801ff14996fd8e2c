package io.saccade.router;

import com.google.protobuf.MessageLite;
import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.proto.v1.ModelCard;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.VideoReference;
import io.saccade.telemetry.Telemetry;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** The router as a Kafka Streams topology: four inputs, one arbiter, four outputs. */
public final class RouterTopology {

  /** The topics that the router reads by video id; all have the same number of partitions. */
  static final List<Topic<?>> INPUTS =
      List.of(Topics.VIDEOS, Topics.QUESTIONS, Topics.CLIPS, Topics.RESULTS);

  private static final String PROCESSOR = "-arbiter";

  private final Topology topology = new Topology();
  private final BusConfig bus;

  private RouterTopology(BusConfig bus) {
    this.bus = bus;
  }

  /**
   * The topology; nothing is started or opened.
   *
   * @param config its bus and its limits count
   * @param telemetry what it reports to
   * @param modelDeadLetters takes the records of {@code models} that cannot be used: these are read
   *     by every router, outside of any transaction, again at each start
   */
  public static Topology topology(
      RouterConfig config, Telemetry telemetry, Consumer<DeadLetter> modelDeadLetters) {
    RouterTopology router = new RouterTopology(config.bus());
    Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters =
        context -> new Arbiter(context, config.limits(), telemetry);
    router.addModels(modelDeadLetters);
    router.<VideoReference>addInput(
        Topics.VIDEOS,
        () -> new InputProcessor<>(arbiters, Arbiter::video, Arbiter::videoForgotten));
    router.addInput(Topics.QUESTIONS, () -> new QuestionProcessor(arbiters));
    router.<ClipManifest>addInput(
        Topics.CLIPS,
        () -> new InputProcessor<>(arbiters, Arbiter::clip, Arbiter::rejectTombstone));
    router.<Result>addInput(
        Topics.RESULTS,
        () -> new InputProcessor<>(arbiters, Arbiter::result, Arbiter::rejectTombstone));
    router.addStores(config.limits());
    Outbox.TOPICS.forEach(router::addOutput);
    return router.topology;
  }

  private void addModels(Consumer<DeadLetter> deadLetters) {
    ProcessorSupplier<String, Parsed<ModelCard>, Void, Void> models =
        () -> new ModelProcessor(deadLetters);
    topology.addGlobalStore(
        Models.store(),
        Topics.MODELS.name(),
        RouterTopology::timestamp,
        new StringDeserializer(),
        ProtoSerdes.deserializer(Topics.MODELS),
        bus.name(Topics.MODELS),
        Topics.MODELS.name() + "-store",
        models);
  }

  private <M extends MessageLite> void addInput(
      Topic<M> topic, ProcessorSupplier<String, Parsed<M>, String, MessageLite> processor) {
    topology.addSource(
        (AutoOffsetReset) null,
        topic.name(),
        RouterTopology::timestamp,
        new StringDeserializer(),
        ProtoSerdes.deserializer(topic),
        bus.name(topic));
    topology.addProcessor(topic.name() + PROCESSOR, processor, topic.name());
  }

  private void addStores(RouterLimits limits) {
    RouterState.stores(limits).forEach(store -> topology.addStateStore(store, processors()));
  }

  private void addOutput(Topic<?> topic) {
    topology.addSink(
        topic.name(),
        bus.name(topic),
        new StringSerializer(),
        ProtoSerdes.<MessageLite>serializer(),
        processors());
  }

  private static String[] processors() {
    return INPUTS.stream().map(topic -> topic.name() + PROCESSOR).toArray(String[]::new);
  }

  /** The record's timestamp; now for one without, on which Kafka Streams would stop. */
  private static long timestamp(ConsumerRecord<Object, Object> record, long partitionTime) {
    return record.timestamp() < 0 ? System.currentTimeMillis() : record.timestamp();
  }
}
