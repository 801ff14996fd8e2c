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
 * The stores of one partition, and the models and standing questions, which all partitions share.
 * Public for the packages {@code flow} and {@code streams} only.
 *
 * <p>See decision 63 in {@code docs/decisions.md} for {@link #touch}.
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

  /** The key of no entry. */
  private static final String ABSENT_KEY = "";

  /**
   * The state of the partition that a processor works on.
   *
   * @param standing the standing questions, which all partitions share
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

  /** The builders of a partition's stores; the global stores are not among them. */
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
   * Deletes an absent key from each store, which writes to its changelog. Kafka Streams keeps for
   * each store the changelog offset up to which it is complete. A store that was never written to
   * has no such offset, and under exactly-once Kafka Streams then discards the whole local state of
   * its task at a restart and when a standby takes over.
   *
   * @param now milliseconds since the epoch
   */
  public static void touch(ProcessingContext context, long now) {
    for (String table : TABLES) {
      KeyValueStore<String, ?> store = context.getStateStore(table);
      var unused = store.delete(ABSENT_KEY);
    }
    WindowStore<String, ?> closed = context.getStateStore(OpenQuestions.CLOSED);
    closed.put(ABSENT_KEY, null, now);
  }
}
