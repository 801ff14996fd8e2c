package io.saccade.worker;

import io.saccade.model.graph.ModelMemoryException;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's native memory within one budget: what it saw of recent clips, and what is held for
 * sequences and for clips that are being looked at. A clip that is in use stays; of the others the
 * least recently used leaves first. Owns its clips. Confined to one thread.
 *
 * <p>Not a library's cache: those may turn a new entry away at once, and this one is about to be
 * read.
 */
final class ClipCache implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ClipCache.class);

  private static final int GROWTH = 32;

  private final Metrics metrics;
  private final Map<String, Entry> clips = new LinkedHashMap<>(16, 0.75f, true);

  /** What the budget was at first. */
  private final long limit;

  private long budget;

  /** Whether memory ran out since the last {@link #grow}. */
  private boolean ranOut;

  /** Of all clips, and of those that are pinned. */
  private long clipBytes;

  private long pinnedBytes;

  /** Of what is no clip yet, or never will be. */
  private long heldBytes;

  private int holds;

  /** A cache of {@code budget} bytes. */
  ClipCache(long budget, Metrics metrics) {
    this.limit = budget;
    this.budget = budget;
    this.metrics = metrics;
    report();
  }

  /** Whether a clip is there; it counts as used. */
  boolean contains(String clipId) {
    return clips.get(clipId) != null;
  }

  /**
   * Holds memory for something that is about to be made, and evicts for it what is not in use.
   * Whoever holds nothing waits while others do; but the first to hold anything gets it even beyond
   * the budget, else a clip larger than the cache could never be asked about.
   *
   * @param bytes how much
   * @param keep a clip that stays: the one that is going to be used
   * @return nothing, and nothing evicted, if it does not fit until others end
   */
  Optional<Hold> hold(long bytes, String keep) {
    Entry kept = clips.get(keep);
    long idleButKept = kept == null || kept.pins > 0 ? 0 : kept.bytes;
    if (holds > 0 && heldBytes + pinnedBytes + idleButKept + bytes > budget) {
      return Optional.empty();
    }
    makeRoom(bytes, kept);
    return Optional.of(new Hold(bytes));
  }

  /** Takes over a clip, for which memory was held until now; of two of an id the first stays. */
  void put(String clipId, Engine.Clip clip) {
    if (clips.containsKey(clipId)) {
      clip.close();
      return;
    }
    makeRoom(clip.bytes(), null);
    clips.put(clipId, new Entry(clip));
    clipBytes += clip.bytes();
    report();
  }

  /**
   * Runs a piece of work; one that finds no memory is tried once more with every clip out that is
   * not in use.
   */
  void retrying(Runnable piece) {
    try {
      piece.run();
    } catch (ModelMemoryException e) {
      log.warn("event=memory_exhausted used={} reason=\"{}\"", used(), e.getMessage());
      ranOut = true;
      evict(Long.MAX_VALUE, null);
      piece.run();
    }
  }

  /** After a failure for want of memory: from now on three quarters of what is in use must do. */
  void shrink() {
    ranOut = true;
    budget = Math.min(budget, used() / 4 * 3);
    log.warn("event=memory_budget_shrunk budget={}", budget);
    report();
  }

  /**
   * Gives back a part of what was lost by shrinking, a {@value #GROWTH}th of the limit, unless
   * memory ran out since the last call.
   */
  void grow() {
    if (!ranOut && budget < limit) {
      budget = Math.min(limit, budget + Math.max(1, limit / GROWTH));
      log.info("event=memory_budget_grown budget={}", budget);
      report();
    }
    ranOut = false;
  }

  /** Bytes of clips, and of what is held. */
  long used() {
    return clipBytes + heldBytes;
  }

  long budget() {
    return budget;
  }

  private void makeRoom(long wanted, Entry keep) {
    evict(used() + wanted - budget, keep);
  }

  /** Evicts clips that are not in use until {@code bytes} are free, or as many as there are. */
  private void evict(long bytes, Entry keep) {
    long left = bytes;
    Iterator<Entry> eldest = clips.values().iterator();
    while (left > 0 && eldest.hasNext()) {
      Entry entry = eldest.next();
      if (entry.pins == 0 && entry != keep) {
        eldest.remove();
        left -= entry.bytes;
        clipBytes -= entry.bytes;
        entry.clip.close();
        metrics.count(Metric.CLIP_EVICTIONS);
      }
    }
    report();
  }

  private void report() {
    metrics.set(Metric.CLIP_BYTES, clipBytes);
    metrics.set(Metric.MEMORY_USED, used());
    metrics.set(Metric.MEMORY_BUDGET, budget);
  }

  /** Closes all clips, whoever still holds one. */
  @Override
  public void close() {
    clips.values().forEach(entry -> entry.clip.close());
    clips.clear();
    clipBytes = 0;
    pinnedBytes = 0;
    report();
  }

  private static final class Entry {

    private final Engine.Clip clip;
    private final long bytes;
    private int pins;

    Entry(Engine.Clip clip) {
      this.clip = clip;
      this.bytes = clip.bytes();
    }
  }

  /** Bytes of the budget, and perhaps a clip that stays, until closed. */
  final class Hold implements AutoCloseable {

    private long bytes;
    private Entry pinned;
    private boolean closed;

    private Hold(long bytes) {
      this.bytes = bytes;
      heldBytes += bytes;
      holds++;
      report();
    }

    /** Makes a part of these bytes a hold of its own. */
    Hold split(long part) {
      bytes -= part;
      heldBytes -= part;
      return new Hold(part);
    }

    /** Keeps a clip in the cache, which must be there, until this is closed. */
    void pin(String clipId) {
      pinned = clips.get(clipId);
      if (pinned.pins++ == 0) {
        pinnedBytes += pinned.bytes;
      }
    }

    /** Whether a clip was pinned. */
    boolean hasClip() {
      return pinned != null;
    }

    /** The clip that was pinned. */
    Engine.Clip clip() {
      return pinned.clip;
    }

    @Override
    public void close() {
      if (closed) {
        return;
      }
      closed = true;
      heldBytes -= bytes;
      holds--;
      if (pinned != null && --pinned.pins == 0) {
        pinnedBytes -= pinned.bytes;
      }
      report();
    }
  }
}
