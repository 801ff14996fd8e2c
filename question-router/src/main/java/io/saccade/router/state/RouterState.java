package io.saccade.router.state;

import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.VideoReference;
import io.saccade.router.RouterConfig;
import io.saccade.router.RouterLimits;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;

/**
 * All that is remembered of one partition, and the models and standing questions, which every
 * partition knows.
 *
 * @param videos the registered videos by id
 */
public record RouterState(
    KeyValueStore<String, VideoReference> videos,
    Models models,
    StandingQuestions standing,
    OpenQuestions questions,
    Clips clips,
    Windows windows,
    Alerts alerts) {

  private static final String VIDEOS = "known-videos";

  private static final List<String> TABLES =
      List.of(VIDEOS, OpenQuestions.QUESTIONS, Clips.CLIPS, Windows.WINDOWS, Alerts.EPISODES);

  /** No entry has this key. */
  private static final String NOBODY = "";

  /**
   * The state of the partition that a processor is at work on.
   *
   * @param standing the standing questions, of all partitions
   */
  public static RouterState of(
      ProcessingContext context, RouterConfig config, StandingQuestions standing) {
    RouterLimits limits = config.limits();
    return new RouterState(
        context.getStateStore(VIDEOS),
        new Models(context),
        standing,
        new OpenQuestions(context, limits),
        new Clips(context, limits, config.requests()),
        new Windows(context, limits),
        new Alerts(context));
  }

  /** The stores that such a processor needs, besides the global ones. */
  public static Set<StoreBuilder<?>> stores(RouterLimits limits) {
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

  /**
   * Writes to each store, without changing it. Kafka Streams notes how far a store follows its
   * changelog, which it cannot for one that was never written to; and of a task with such a store
   * it throws all local state away, when it starts again and when a standby takes over.
   *
   * @param now milliseconds since the epoch
   */
  public static void touch(ProcessingContext context, long now) {
    for (String table : TABLES) {
      KeyValueStore<String, ?> store = context.getStateStore(table);
      var unused = store.delete(NOBODY);
    }
    WindowStore<String, ?> closed = context.getStateStore(OpenQuestions.CLOSED);
    closed.put(NOBODY, null, now);
  }
}
