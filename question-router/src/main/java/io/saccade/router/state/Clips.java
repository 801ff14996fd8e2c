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

/** The clips of a partition: which are being sampled, and where the frames of the others lie. */
public final class Clips {

  static final String CLIPS = "clip-states";

  /** Clips that one sweep looks at, so that it holds nobody up. */
  private static final int SWEPT_AT_ONCE = 1_000;

  private final KeyValueStore<String, ClipState> states;
  private final long retentionMillis;
  private final long samplingTimeoutMillis;
  private final RequestLimits requests;
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

  /** Where the clip's frames lie, unless it is not sampled or too old to be used. */
  public Optional<ClipManifest> manifest(String clipId, long now) {
    ClipState state = state(clipId);
    boolean stands = state.hasManifest() && now - state.getSampledAt() < retentionMillis;
    return stands ? Optional.of(state.getManifest()) : Optional.empty();
  }

  /**
   * Starts the sampling of a clip without a manifest.
   *
   * @return the attempt to ask a sampler for, or nothing while an earlier one may still be at work
   *     or has just failed
   */
  public OptionalInt begin(String clipId, long now) {
    ClipState state = state(clipId);
    long requestedAt = state.getRequestedAt();
    boolean atWork = requestedAt != 0 && now - requestedAt < samplingTimeoutMillis;
    if (atWork || now < state.getRetryAt()) {
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

  /** When the clip can be asked for again whose sampling failed for a passing reason. */
  public OptionalLong retryAt(String clipId) {
    long retryAt = state(clipId).getRetryAt();
    return retryAt == 0 ? OptionalLong.empty() : OptionalLong.of(retryAt);
  }

  /**
   * Takes a sampler's word on a clip: its manifest, or a failure. A passing one puts the clip off
   * as long as there are attempts left; any other makes it one that nobody asked for.
   *
   * @return false if it says nothing new: another manifest stands, or its frames are known as lost
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
            // The same failure may come again, when another attempt is under way.
            .setOldestAttempt(state.getAttempt() + 1)
            .clearRequestedAt()
            .setFailures(failures)
            .setRetryAt(now + pause)
            .build());
  }

  /** Makes the clip one that nobody asked for. */
  public void forget(String clipId) {
    states.delete(clipId);
  }

  /** Forgets the manifest whose first frame lies at {@code offset}: its frames are gone. */
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

  /** Forgets clips whose frames have left the log; each call looks at the next few. */
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
