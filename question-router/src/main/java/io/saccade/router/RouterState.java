package io.saccade.router;

import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.VideoReference;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * All that is remembered of one partition, and the models and standing questions, which every
 * partition knows.
 *
 * @param videos the registered videos by id
 */
record RouterState(
    KeyValueStore<String, VideoReference> videos,
    Models models,
    StandingQuestions standing,
    OpenQuestions questions,
    Clips clips,
    Windows windows,
    Alerts alerts) {

  private static final String VIDEOS = "known-videos";

  /**
   * The state of the partition that a processor is at work on.
   *
   * @param standingChanges counts what is written to the table of standing questions
   */
  static RouterState of(
      ProcessingContext context, RouterConfig config, AtomicLong standingChanges) {
    RouterLimits limits = config.limits();
    return new RouterState(
        context.getStateStore(VIDEOS),
        new Models(context),
        new StandingQuestions(context, standingChanges),
        new OpenQuestions(context, limits),
        new Clips(context, limits, config.requests()),
        new Windows(context, limits),
        new Alerts(context));
  }

  /** The stores that such a processor needs, besides the global ones. */
  static Set<StoreBuilder<?>> stores(RouterLimits limits) {
    Set<StoreBuilder<?>> stores = new HashSet<>(OpenQuestions.stores(limits));
    stores.add(Clips.store());
    stores.add(Windows.store());
    stores.add(Alerts.store());
    stores.add(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(VIDEOS),
            Serdes.String(),
            ProtoSerdes.trusted(VideoReference.parser())));
    return stores;
  }
}
