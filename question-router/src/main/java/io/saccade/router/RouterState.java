package io.saccade.router;

import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.VideoReference;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * All that is remembered of one partition, and the models, which every partition knows.
 *
 * @param videos the registered videos by id
 */
record RouterState(
    KeyValueStore<String, VideoReference> videos,
    Models models,
    OpenQuestions questions,
    Clips clips) {

  private static final String VIDEOS = "known-videos";

  /** The state of the partition that a processor is at work on. */
  static RouterState of(ProcessingContext context, RouterLimits limits) {
    return new RouterState(
        context.getStateStore(VIDEOS),
        new Models(context),
        new OpenQuestions(context, limits),
        new Clips(context, limits));
  }

  /** The stores that such a processor needs, besides the global one of the models. */
  static Set<StoreBuilder<?>> stores(RouterLimits limits) {
    Set<StoreBuilder<?>> stores = new HashSet<>(OpenQuestions.stores(limits));
    stores.add(Clips.store());
    stores.add(
        Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(VIDEOS),
            Serdes.String(),
            ProtoSerdes.trusted(VideoReference.parser())));
    return stores;
  }
}
