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
 * The newest window of each feed of a partition, one for each profile that the feed is cut in.
 * Windows arrive in order. One that is not newer than the newest is a repeat, or was delayed by a
 * sampler that has lost the feed, and is dropped; so no window is asked about twice. Public for the
 * package {@code flow} only.
 *
 * <p>See decision 64 in {@code docs/decisions.md}.
 */
public final class Windows {

  static final String WINDOWS = "newest-windows";

  /** An on-demand question uses a window that ended at most this many of its lengths ago. */
  private static final int RECENT_LENGTHS = 2;

  private static final StringSerializer KEYS = new StringSerializer();

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
   * Takes a window as the newest of its feed.
   *
   * @param now milliseconds since the epoch
   * @return false if it is not newer than the newest, or so old that its frames have left the log
   *     and the entry of a newer window may have been swept
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

  /** The manifest of the newest window. */
  public Optional<ClipManifest> newest(String videoId, SamplingProfile profile) {
    return Optional.ofNullable(newest.get(Keys.feed(videoId, profile)))
        .map(NewestWindow::getManifest);
  }

  /**
   * The manifest of the newest window if it ended at most two of its lengths ago, so that it shows
   * the present.
   */
  public Optional<ClipManifest> recent(String videoId, SamplingProfile profile, long now) {
    return newest(videoId, profile)
        .filter(manifest -> WindowOrder.isWithinLengths(manifest.getWindow(), RECENT_LENGTHS, now));
  }

  /** Deletes the windows of a video. */
  public void forget(String videoId) {
    Tables.delete(newest, newest.prefixScan(Keys.video(videoId), KEYS), window -> true);
  }

  /** Deletes windows whose frames have left the log. */
  public void sweep(long now) {
    Tables.delete(newest, newest.all(), window -> now - window.getCameAt() >= retentionMillis);
  }
}
