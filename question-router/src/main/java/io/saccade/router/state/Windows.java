package io.saccade.router.state;

import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.SamplingProfile;
import io.saccade.proto.v1.Window;
import io.saccade.router.RouterLimits;
import io.saccade.router.rules.WindowOrder;
import io.saccade.router.v1.NewestWindow;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The newest window of each feed of a partition, one for each profile that it is cut in. Windows
 * come in order; one that is not newer than the newest is a repeat, or was held up by a sampler
 * that lost its feed, and is of no more use.
 */
public final class Windows {

  static final String WINDOWS = "newest-windows";

  /** An on-demand question takes a window that ended at most so many of its lengths ago. */
  private static final int RECENT_LENGTHS = 2;

  private static final StringSerializer PREFIX = new StringSerializer();

  private final KeyValueStore<String, NewestWindow> newest;
  private final long retentionMillis;

  Windows(ProcessingContext context, RouterLimits limits) {
    this.newest = context.getStateStore(WINDOWS);
    this.retentionMillis = limits.clipRetention().toMillis();
  }

  static StoreBuilder<KeyValueStore<String, NewestWindow>> store() {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(WINDOWS),
        Serdes.String(),
        ProtoSerdes.trusted(NewestWindow.parser()));
  }

  /**
   * Takes up a window.
   *
   * @return false if a newer one is known, or if it is so old that its frames have left the log and
   *     that it might be the repeat of a forgotten one
   */
  public boolean accept(ClipManifest manifest, long now) {
    String feed = Keys.feed(manifest.getVideoId(), manifest.getProfile());
    NewestWindow before = newest.get(feed);
    Window window = manifest.getWindow();
    if (now - WindowOrder.end(window) >= retentionMillis
        || (before != null && !WindowOrder.isNewer(window, before.getManifest().getWindow()))) {
      return false;
    }
    newest.put(feed, NewestWindow.newBuilder().setManifest(manifest).setCameAt(now).build());
    return true;
  }

  /** The newest window, whose frames may still lie in the log. */
  public Optional<ClipManifest> newest(String videoId, SamplingProfile profile) {
    return Optional.ofNullable(newest.get(Keys.feed(videoId, profile)))
        .map(NewestWindow::getManifest);
  }

  /** The newest window if it ended at most two of its lengths ago: what the feed shows now. */
  public Optional<ClipManifest> recent(String videoId, SamplingProfile profile, long now) {
    return newest(videoId, profile)
        .filter(manifest -> WindowOrder.isWithinLengths(manifest.getWindow(), RECENT_LENGTHS, now));
  }

  /** Forgets the windows of a video. */
  public void forget(String videoId) {
    Tables.delete(newest, newest.prefixScan(Keys.video(videoId), PREFIX), window -> true);
  }

  /** Forgets windows whose frames have left the log. */
  public void sweep(long now) {
    Tables.delete(newest, newest.all(), window -> now - window.getCameAt() >= retentionMillis);
  }
}
