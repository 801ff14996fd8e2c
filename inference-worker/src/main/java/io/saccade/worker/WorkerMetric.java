package io.saccade.worker;

/** What a worker counts and measures: each name once. Times are wall-clock. */
public enum WorkerMetric {
  /** Questions whose clip was in the cache. */
  CLIP_HITS(Kind.COUNTER, "saccade.worker.clip.hits"),
  /** Clips that had to be read and looked at. */
  CLIP_MISSES(Kind.COUNTER, "saccade.worker.clip.misses"),
  /** Clips that left the cache for others. */
  CLIP_EVICTIONS(Kind.COUNTER, "saccade.worker.clip.evictions"),
  /** Bytes of the clips in the cache. */
  CLIP_BYTES(Kind.GAUGE, "saccade.worker.clip.bytes"),
  /** Bytes of clips and sequences, those included that are about to be made. */
  MEMORY_USED(Kind.GAUGE, "saccade.worker.memory.used"),
  /** Bytes that clips and sequences may have together; falls when the engine runs out of memory. */
  MEMORY_BUDGET(Kind.GAUGE, "saccade.worker.memory.budget"),
  /** Questions that did not fit into the memory when they came. */
  MEMORY_WAITS(Kind.COUNTER, "saccade.worker.memory.waits"),
  /** Questions failed because the engine ran out of memory. */
  OUT_OF_MEMORY(Kind.COUNTER, "saccade.worker.memory.exhausted"),
  /** Questions whose prompt or answer is being computed. */
  SEQUENCES_RUNNING(Kind.GAUGE, "saccade.worker.sequences.running"),
  /** Questions that wait for their clip, for memory or for a place in the batch. */
  SEQUENCES_WAITING(Kind.GAUGE, "saccade.worker.sequences.waiting"),
  /** Answers in a decode step. */
  BATCH_SIZE(Kind.SUMMARY, "saccade.worker.batch.size"),
  /** Tokens generated. */
  TOKENS(Kind.COUNTER, "saccade.worker.tokens"),
  /** Reading a clip's frames from the log. */
  TRANSPORT(Kind.TIMER, "saccade.worker.transport"),
  /** One piece of looking at a clip. */
  VISION(Kind.TIMER, "saccade.worker.vision"),
  /** One piece of a prompt. */
  PREFILL(Kind.TIMER, "saccade.worker.prefill"),
  /** One decode step, whatever its batch. */
  DECODE(Kind.TIMER, "saccade.worker.decode");

  /** How a metric is kept. */
  enum Kind {
    COUNTER,
    GAUGE,
    SUMMARY,
    TIMER
  }

  private final Kind kind;
  private final String meter;

  WorkerMetric(Kind kind, String meter) {
    this.kind = kind;
    this.meter = meter;
  }

  Kind kind() {
    return kind;
  }

  /** The meter's name in a registry; it carries the tags {@code worker} and {@code model}. */
  public String meter() {
    return meter;
  }
}
