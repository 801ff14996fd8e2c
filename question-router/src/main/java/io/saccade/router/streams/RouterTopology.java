package io.saccade.router.streams;

import com.google.protobuf.MessageLite;
import io.saccade.bus.BusConfig;
import io.saccade.proto.Parsed;
import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.Topic;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.DeadLetter;
import io.saccade.router.RouterConfig;
import io.saccade.router.flow.Arbiter;
import io.saccade.router.flow.QuestionGauges;
import io.saccade.router.flow.RouterOutputs;
import io.saccade.router.rules.ModelRules;
import io.saccade.router.rules.StandingRules;
import io.saccade.router.state.Models;
import io.saccade.router.state.RouterState;
import io.saccade.router.state.StandingQuestions;
import io.saccade.telemetry.MetricScope;
import io.saccade.telemetry.Telemetry;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The router as a Kafka Streams topology: four inputs by video id, two global tables (models,
 * standing questions), one arbiter, five outputs.
 */
final class RouterTopology {

  /** The topics that the router reads by video id; all have the same number of partitions. */
  static final List<Topic<?>> INPUTS =
      List.of(Topics.VIDEOS, Topics.QUESTIONS, Topics.CLIPS, Topics.RESULTS);

  private static final String ARBITER = "arbiter";

  private final Topology topology = new Topology();
  private final BusConfig bus;

  private RouterTopology(BusConfig bus) {
    this.bus = bus;
  }

  /**
   * The topology; nothing is started or opened.
   *
   * @param config the configuration of the router; only its bus, limits and requests are used
   * @param telemetry takes metrics and spans
   * @param globalDeadLetters takes the records of {@code models} and {@code standing-questions}
   *     that cannot be used. Every router reads these topics outside of transactions, again at each
   *     start
   */
  static Topology topology(
      RouterConfig config, Telemetry telemetry, Consumer<DeadLetter> globalDeadLetters) {
    RouterTopology router = new RouterTopology(config.bus());
    router.addGlobal(
        Topics.MODELS,
        Models.store(),
        () ->
            new GlobalProcessor<>(
                Models.MODELS,
                ModelRules::problem,
                (name, card) -> {},
                name -> {},
                globalDeadLetters));
    StandingRules standingRules = new StandingRules(config.limits());
    StandingQuestions standing = new StandingQuestions();
    router.addGlobal(
        Topics.STANDING_QUESTIONS,
        StandingQuestions.store(),
        () ->
            new GlobalProcessor<>(
                StandingQuestions.STANDING,
                standingRules::problem,
                standing::put,
                standing::remove,
                globalDeadLetters));
    INPUTS.forEach(router::addInput);
    router.addArbiter(
        context -> new Arbiter(context, config, telemetry, standing),
        new QuestionGauges(telemetry.metrics(MetricScope.ROUTER)));
    RouterState.stores(config.limits())
        .forEach(store -> router.topology.addStateStore(store, ARBITER));
    RouterOutputs.TOPICS.forEach(router::addOutput);
    return router.topology;
  }

  private <M extends MessageLite> void addGlobal(
      Topic<M> topic,
      StoreBuilder<KeyValueStore<String, M>> store,
      ProcessorSupplier<String, Parsed<M>, Void, Void> processor) {
    topology.addGlobalStore(
        store,
        topic.name(),
        RouterTopology::timestamp,
        new StringDeserializer(),
        ProtoSerdes.deserializer(topic),
        bus.name(topic),
        topic.name() + "-store",
        processor);
  }

  private <M extends MessageLite> void addInput(Topic<M> topic) {
    topology.addSource(
        (AutoOffsetReset) null,
        topic.name(),
        RouterTopology::timestamp,
        new StringDeserializer(),
        ProtoSerdes.deserializer(topic),
        bus.name(topic));
  }

  private void addArbiter(
      Function<ProcessorContext<String, MessageLite>, Arbiter> arbiters, QuestionGauges gauges) {
    String videos = bus.name(Topics.VIDEOS);
    ProcessorSupplier<String, Parsed<? extends MessageLite>, String, MessageLite> processor =
        () -> new RouterProcessor(arbiters, videos, gauges);
    String[] sources = INPUTS.stream().map(Topic::name).toArray(String[]::new);
    topology.addProcessor(ARBITER, processor, sources);
  }

  /**
   * Requests of a hot video are spread over the partitions; all other records are partitioned by
   * key.
   */
  private void addOutput(Topic<?> topic) {
    Serializer<MessageLite> values = ProtoSerdes.serializer();
    if (topic.equals(Topics.INFERENCE_REQUESTS)) {
      topology.addSink(
          topic.name(),
          bus.name(topic),
          new StringSerializer(),
          values,
          new SpreadPartitioner(),
          ARBITER);
    } else {
      topology.addSink(topic.name(), bus.name(topic), new StringSerializer(), values, ARBITER);
    }
  }

  /**
   * The record's timestamp, or the wall clock for a record without one, at which Kafka Streams
   * would stop.
   */
  private static long timestamp(ConsumerRecord<Object, Object> record, long partitionTime) {
    return record.timestamp() < 0 ? System.currentTimeMillis() : record.timestamp();
  }
}
