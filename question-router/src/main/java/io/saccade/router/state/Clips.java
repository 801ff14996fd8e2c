package io.saccade.router.state;

import io.saccade.proto.ProtoSerdes;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.router.RequestLimits;
import io.saccade.router.RouterLimits;
import io.saccade.router.v1.ClipState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The clips of a partition: which are being sampled, and the manifests of those that are sampled. A
 * sampling that finally failed leaves no entry. Public for the package {@code flow} only.
 *
 * <p>See decision 7 in {@code docs/decisions.md}.
 */
public final class Clips {

  static final String CLIPS = "clip-states";

  /** Number of clips that one sweep checks, which bounds the time that records wait for it. */
  private static final int SWEPT_AT_ONCE = 1_000;

  private final KeyValueStore<String, ClipState> states;
  private final long retentionMillis;
  private final long samplingTimeoutMillis;
  private final RequestLimits requests;

  /** The last clip that the current pass of the sweep has checked; empty at its begin. */
  private String sweptTo = "";

  Clips(ProcessingContext context, RouterLimits limits, RequestLimits requests) {
    this.states = context.getStateStore(CLIPS);
    this.requests = requests;
    this.retentionMillis = limits.clipRetention().toMillis();
    this.samplingTimeoutMillis = limits.samplingTimeout().toMillis();
  }

  static StoreBuilder<KeyValueStore<String, ClipState>> store() {
    return Stores.keyValueStoreBuilder(
        Stores.persistentKeyValueStore(CLIPS),
        Serdes.String(),
        ProtoSerdes.trusted(ClipState.parser()));
  }

  /** The clip's manifest; empty if the clip is not sampled or its frames are too old to be used. */
  public Optional<ClipManifest> manifest(String clipId, long now) {
    ClipState state = state(clipId);
    boolean isUsable = state.hasManifest() && now - state.getSampledAt() < retentionMillis;
    return isUsable ? Optional.of(state.getManifest()) : Optional.empty();
  }

  /**
   * Begins an attempt to sample a clip without a manifest.
   *
   * @return the number of the attempt, from 1; empty while an earlier attempt is in progress or the
   *     pause after a failed one lasts
   */
  public OptionalInt begin(String clipId, long now) {
    ClipState state = state(clipId);
    long requestedAt = state.getRequestedAt();
    boolean inProgress = requestedAt != 0 && now - requestedAt < samplingTimeoutMillis;
    if (inProgress || now < state.getRetryAt()) {
      return OptionalInt.empty();
    }
    int attempt = state.getAttempt() + 1;
    states.put(
        clipId,
        state.toBuilder()
            .setAttempt(attempt)
            .setRequestedAt(now)
            .clearRetryAt()
            .clearManifest()
            .clearSampledAt()
            .build());
    return OptionalInt.of(attempt);
  }

  /**
   * When the next attempt may begin, in milliseconds since the epoch; empty unless the last one
   * failed for a passing reason.
   */
  public OptionalLong retryAt(String clipId) {
    long retryAt = state(clipId).getRetryAt();
    return retryAt == 0 ? OptionalLong.empty() : OptionalLong.of(retryAt);
  }

  /**
   * Takes a sampler's result for a clip: its manifest or a failure. After a passing failure another
   * attempt may begin after a pause, while attempts are left; any other failure deletes the clip's
   * entry.
   *
   * @return false if it changes nothing: the clip has a usable manifest, or the frames of this
   *     attempt are known to be lost
   */
  public boolean accept(ClipManifest manifest, long now) {
    String clipId = manifest.getClipId();
    ClipState state = state(clipId);
    if (manifest(clipId, now).isPresent() || manifest.getAttempt() < state.getOldestAttempt()) {
      return false;
    }
    if (manifest.hasFailure()) {
      fail(state, manifest, now);
      return true;
    }
    states.put(
        clipId,
        state.toBuilder()
            .setAttempt(Math.max(state.getAttempt(), manifest.getAttempt()))
            .clearRequestedAt()
            .clearFailures()
            .clearRetryAt()
            .setManifest(manifest)
            .setSampledAt(now)
            .build());
    return true;
  }

  private void fail(ClipState state, ClipManifest manifest, long now) {
    int failures = state.getFailures() + 1;
    if (!manifest.getFailure().getPassing() || failures >= requests.samplingAttempts()) {
      states.delete(manifest.getClipId());
      return;
    }
    long pause = requests.samplingPause().toMillis() << (failures - 1);
    states.put(
        manifest.getClipId(),
        state.toBuilder()
            // Drops a repeat of this failure that arrives while the next attempt is in progress.
            .setOldestAttempt(state.getAttempt() + 1)
            .clearRequestedAt()
            .setFailures(failures)
            .setRetryAt(now + pause)
            .build());
  }

  /** Deletes the clip's entry. */
  public void forget(String clipId) {
    states.delete(clipId);
  }

  /**
   * Deletes the clip's manifest if its first frame is at {@code offset}, because its frames have
   * left the log.
   */
  public void lost(String clipId, long offset) {
    ClipState state = state(clipId);
    if (state.hasManifest() && state.getManifest().getFrames(0).getOffset() == offset) {
      states.put(
          clipId,
          state.toBuilder()
              .setOldestAttempt(state.getAttempt() + 1)
              .clearManifest()
              .clearSampledAt()
              .build());
    }
  }

  /** Deletes clips whose frames have left the log. Each call checks the next 1,000 clips. */
  public void sweep(long now) {
    List<String> old = new ArrayList<>();
    String last = "";
    try (KeyValueIterator<String, ClipState> clips = states.range(sweptTo, null)) {
      for (int i = 0; i < SWEPT_AT_ONCE && clips.hasNext(); i++) {
        KeyValue<String, ClipState> clip = clips.next();
        last = clip.key;
        if (isOld(clip.value, now)) {
          old.add(clip.key);
        }
      }
      sweptTo = clips.hasNext() ? last : "";
    }
    old.forEach(states::delete);
  }

  private boolean isOld(ClipState state, long now) {
    long last = Math.max(state.getRequestedAt(), state.getSampledAt());
    return now - Math.max(last, state.getRetryAt()) >= retentionMillis;
  }

  private ClipState state(String clipId) {
    ClipState state = states.get(clipId);
    return state == null ? ClipState.getDefaultInstance() : state;
  }
}
