package io.saccade.telemetry;

/**
 * What Saccade counts and measures: each name once, for all roles. A meter's name in Prometheus has
 * underscores for dots and ends in its unit and, of counters, in {@code _total}; times are wall
 * clock, in seconds there.
 *
 * <p>No metric tells videos, questions or clips apart: logs and traces do.
 */
public enum Metric {
  /** Questions that the router took up. */
  QUESTIONS_OPENED(
      MetricScope.ROUTER, Kind.COUNTER, "saccade.router.questions.opened", "Questions taken up"),
  /** Questions that got their final record, by how they ended. */
  QUESTIONS_CLOSED(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.questions.closed",
      Label.STATUS,
      "Questions that got their final record"),
  /** Questions that failed, by code; those refused at the door included. */
  QUESTIONS_FAILED(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.questions.failed",
      Label.CODE,
      "Questions that failed"),
  /** Questions dropped because their id is open or was closed lately. */
  QUESTIONS_REPEATED(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.questions.repeated",
      "Questions dropped because their id is known"),
  /** Windows of live feeds that came. */
  WINDOWS_CAME(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.windows.came",
      "Windows of live feeds that came"),
  /** Windows of standing questions that were not asked about. */
  WINDOWS_SKIPPED(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.windows.skipped",
      Label.REASON,
      "Windows of standing questions that were not asked about"),
  /** Clips that a sampler was asked for, repeats included. */
  CLIPS_REQUESTED(
      MetricScope.ROUTER, Kind.COUNTER, "saccade.router.clips.requested", "Sampling requests sent"),
  /** Samplings put off after a passing failure, each time they are. */
  CLIPS_RETRIED(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.clips.retried",
      "Samplings put off after a passing failure"),
  /** Answers that a worker was asked for, repeats included. */
  ANSWERS_REQUESTED(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.answers.requested",
      "Inference requests sent"),
  /** Manifests dropped because another of their clip stands, or because they came too late. */
  MANIFESTS_DROPPED(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.manifests.dropped",
      "Manifests that said nothing new"),
  /** Results dropped because their question is closed or was asked again. */
  RESULTS_LATE(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.results.late",
      "Results that came after their question was closed or asked again"),
  /** Alerts raised by standing questions. */
  ALERTS_RAISED(MetricScope.ROUTER, Kind.COUNTER, "saccade.router.alerts", "Alerts raised"),
  /** Records read back from changelogs, to restore stores. */
  RECORDS_RESTORED(
      MetricScope.ROUTER,
      Kind.COUNTER,
      "saccade.router.records.restored",
      "Records read back from changelogs"),
  /** Questions without a final record, in the partitions of this process. */
  QUESTIONS_OPEN(
      MetricScope.ROUTER,
      Kind.GAUGE,
      "saccade.router.questions.open",
      "Questions without an answer"),
  /** Open questions that wait for their video, their model, their clip or a window. */
  QUESTIONS_PARKED(
      MetricScope.ROUTER,
      Kind.GAUGE,
      "saccade.router.questions.parked",
      "Open questions that wait for their video, model, clip or a window"),
  /** Windows that wait until workers have room for standing questions. */
  WINDOWS_WAITING(
      MetricScope.ROUTER,
      Kind.GAUGE,
      "saccade.router.windows.waiting",
      "Windows of standing questions that wait for a worker"),
  /** Standing questions that are asked. */
  STANDING_QUESTIONS(
      MetricScope.ROUTER, Kind.GAUGE, "saccade.router.standing.questions", "Standing questions"),
  /** Time that answered questions spent in each stage; only stages that a question had. */
  STAGE(
      MetricScope.ROUTER,
      Kind.HISTOGRAM,
      "saccade.router.stage",
      Label.STAGE,
      "Time of answered questions by stage"),

  /** Clips sampled and published. */
  CLIPS_SAMPLED(
      MetricScope.SAMPLER, Kind.COUNTER, "saccade.sampler.clips.sampled", "Clips sampled"),
  /** Clips that could not be sampled, by code. */
  CLIPS_FAILED(
      MetricScope.SAMPLER,
      Kind.COUNTER,
      "saccade.sampler.clips.failed",
      Label.CODE,
      "Clips that could not be sampled"),
  /** Opening, decoding and resizing a clip's frames. */
  SAMPLER_DECODE(
      MetricScope.SAMPLER,
      Kind.HISTOGRAM,
      "saccade.sampler.decode",
      "Time to decode a clip's frames"),
  /** From a clip's last frame until all are acknowledged. */
  SAMPLER_PUBLISH(
      MetricScope.SAMPLER,
      Kind.HISTOGRAM,
      "saccade.sampler.publish",
      "Time until a clip's frames are acknowledged"),
  /** Frames of clips that were sent to the log. */
  FRAMES_SENT(
      MetricScope.SAMPLER, Kind.COUNTER, "saccade.sampler.frames", "Frames sent to the log"),
  /** Their bytes, as stored. */
  FRAME_BYTES_SENT(
      MetricScope.SAMPLER,
      Kind.BYTE_COUNTER,
      "saccade.sampler.frame.bytes",
      "Bytes of the frames sent to the log"),
  /** Bytes of frames that were sent and are not acknowledged. */
  FRAME_BYTES_IN_FLIGHT(
      MetricScope.SAMPLER,
      Kind.BYTE_GAUGE,
      "saccade.sampler.in.flight",
      "Bytes of frames sent and not acknowledged"),

  /** Live feeds that this process follows, by state. */
  FEEDS(
      MetricScope.FEEDS, Kind.GAUGE, "saccade.feeds.followed", Label.STATE, "Live feeds by state"),
  /** Attempts to connect to the source of a feed. */
  FEED_CONNECTS(
      MetricScope.FEEDS,
      Kind.COUNTER,
      "saccade.feeds.connects",
      "Attempts to connect to a feed's source"),
  /** Frames sampled from feeds. */
  FEED_FRAMES(MetricScope.FEEDS, Kind.COUNTER, "saccade.feeds.frames", "Frames sampled from feeds"),
  /** Windows published. */
  FEED_WINDOWS(MetricScope.FEEDS, Kind.COUNTER, "saccade.feeds.windows", "Windows published"),
  /** Windows given up: too many bytes were in flight, or the log refused a record. */
  FEED_WINDOWS_DROPPED(
      MetricScope.FEEDS,
      Kind.COUNTER,
      "saccade.feeds.windows.dropped",
      "Windows that could not be published"),
  /** Bytes of feeds' frames that were sent and are not acknowledged. */
  FEED_BYTES_IN_FLIGHT(
      MetricScope.FEEDS,
      Kind.BYTE_GAUGE,
      "saccade.feeds.in.flight",
      "Bytes of feeds' frames sent and not acknowledged"),

  /** Questions whose clip was in the cache. */
  CLIP_HITS(
      MetricScope.WORKER,
      Kind.COUNTER,
      "saccade.worker.clip.hits",
      "Questions whose clip was cached"),
  /** Clips that had to be read and looked at. */
  CLIP_MISSES(
      MetricScope.WORKER, Kind.COUNTER, "saccade.worker.clip.misses", "Clips read and looked at"),
  /** Clips that left the cache for others. */
  CLIP_EVICTIONS(
      MetricScope.WORKER,
      Kind.COUNTER,
      "saccade.worker.clip.evictions",
      "Clips that left the cache for others"),
  /** Bytes of the clips in the cache. */
  CLIP_BYTES(
      MetricScope.WORKER,
      Kind.BYTE_GAUGE,
      "saccade.worker.clip.bytes",
      "Bytes of the cached clips"),
  /** Bytes of clips and sequences, those included that are about to be made. */
  MEMORY_USED(
      MetricScope.WORKER,
      Kind.BYTE_GAUGE,
      "saccade.worker.memory.used",
      "Bytes of clips and of answers under way"),
  /** Bytes that clips and sequences may have together; falls when the engine runs out of memory. */
  MEMORY_BUDGET(
      MetricScope.WORKER,
      Kind.BYTE_GAUGE,
      "saccade.worker.memory.budget",
      "Bytes that clips and answers may have"),
  /** Questions that did not fit into the memory when they came. */
  MEMORY_WAITS(
      MetricScope.WORKER,
      Kind.COUNTER,
      "saccade.worker.memory.waits",
      "Questions that waited for memory"),
  /** Questions failed because the engine ran out of memory. */
  OUT_OF_MEMORY(
      MetricScope.WORKER,
      Kind.COUNTER,
      "saccade.worker.memory.exhausted",
      "Questions failed for want of memory"),
  /** Questions whose prompt or answer is being computed. */
  SEQUENCES_RUNNING(
      MetricScope.WORKER,
      Kind.GAUGE,
      "saccade.worker.sequences.running",
      "Questions whose prompt or answer is being computed"),
  /** Questions that wait for their clip, for memory or for a place in the batch. */
  SEQUENCES_WAITING(
      MetricScope.WORKER,
      Kind.GAUGE,
      "saccade.worker.sequences.waiting",
      "Questions that wait for their clip, for memory or for a place"),
  /** Questions answered with a text. */
  RESULTS_ANSWERED(
      MetricScope.WORKER, Kind.COUNTER, "saccade.worker.results.answered", "Results with a text"),
  /** Questions answered with a failure, by code. */
  RESULTS_FAILED(
      MetricScope.WORKER,
      Kind.COUNTER,
      "saccade.worker.results.failed",
      Label.CODE,
      "Results with a failure"),
  /** Answers in a decode step. */
  BATCH_SIZE(
      MetricScope.WORKER, Kind.SUMMARY, "saccade.worker.batch.size", "Answers in a decode step"),
  /** Tokens generated. */
  TOKENS(MetricScope.WORKER, Kind.COUNTER, "saccade.worker.tokens", "Tokens generated"),
  /** Pixels of frames read from the log. */
  FRAME_BYTES_READ(
      MetricScope.WORKER,
      Kind.BYTE_COUNTER,
      "saccade.worker.frame.bytes",
      "Bytes of pixels read from the log"),
  /** Reading a clip's frames from the log. */
  TRANSPORT(
      MetricScope.WORKER, Kind.TIMER, "saccade.worker.transport", "Time to read a clip's frames"),
  /** One piece of looking at a clip. */
  VISION(MetricScope.WORKER, Kind.TIMER, "saccade.worker.vision", "Time of a piece of a look"),
  /** One piece of a prompt. */
  PREFILL(MetricScope.WORKER, Kind.TIMER, "saccade.worker.prefill", "Time of a piece of a prompt"),
  /** One decode step, whatever its batch. */
  DECODE(MetricScope.WORKER, Kind.TIMER, "saccade.worker.decode", "Time of a decode step"),

  /** Records of a role's input that it has not taken yet, over its partitions. */
  LAG(
      MetricScope.EACH_ROLE,
      Kind.GAUGE,
      "saccade.lag",
      "Records not yet taken from the input topics"),
  /** Records taken and not finished. */
  UNDER_WAY(
      MetricScope.EACH_ROLE,
      Kind.GAUGE,
      "saccade.records.under.way",
      "Records taken and not finished"),
  /** Records that could not be used. */
  DEAD_LETTERS(
      MetricScope.EACH_ROLE,
      Kind.COUNTER,
      "saccade.dead.letters",
      "Records that could not be used"),
  /** 1 while the role is ready, else 0. */
  READY(MetricScope.EACH_ROLE, Kind.GAUGE, "saccade.ready", "1 while the role is ready, else 0"),

  /** Resident memory of the process, native memory included; 0 where the system does not say. */
  RESIDENT_MEMORY(
      MetricScope.PROCESS,
      Kind.BYTE_GAUGE,
      "process.resident.memory",
      "Resident memory of the process");

  /** How a metric is kept. */
  public enum Kind {
    /** Only grows. */
    COUNTER,
    /** Only grows, in bytes. */
    BYTE_COUNTER,
    /** A value that comes and goes. */
    GAUGE,
    /** A value that comes and goes, in bytes. */
    BYTE_GAUGE,
    /** Count, sum and highest of values. */
    SUMMARY,
    /** Count, sum and highest of times. */
    TIMER,
    /** A timer with buckets from 5 ms to 10 min, of which quantiles can be taken. */
    HISTOGRAM;

    /** The unit that Prometheus's name ends in, or null. */
    String unit() {
      return this == BYTE_COUNTER || this == BYTE_GAUGE ? "bytes" : null;
    }
  }

  private final MetricScope owner;
  private final Kind kind;
  private final String meter;
  private final Label label;
  private final String description;

  Metric(MetricScope owner, Kind kind, String meter, String description) {
    this(owner, kind, meter, Label.NONE, description);
  }

  Metric(MetricScope owner, Kind kind, String meter, Label label, String description) {
    this.owner = owner;
    this.kind = kind;
    this.meter = meter;
    this.label = label;
    this.description = description;
  }

  /** Who counts or measures it. */
  public MetricScope owner() {
    return owner;
  }

  /** How it is kept. */
  public Kind kind() {
    return kind;
  }

  /** The meter's name in a registry. */
  public String meter() {
    return meter;
  }

  /** What its values are told apart by. */
  public Label label() {
    return label;
  }

  /** A phrase for people. */
  public String description() {
    return description;
  }
}
