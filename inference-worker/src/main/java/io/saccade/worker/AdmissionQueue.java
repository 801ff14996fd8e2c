package io.saccade.worker;

import io.saccade.bus.FairTurns;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Questions that have not begun, and the clips that are read and looked at for them. Who has memory
 * and clip may begin. Confined to the inference thread.
 *
 * <p>Videos take turns, each its questions in the order of their arrival. Windows of standing
 * questions come after all others, of these first the one with the least time left that can still
 * be answered in time.
 *
 * <p>The first to ask about a clip holds memory for the clip and for its own answer from before the
 * clip is read until it ends; so who has begun never waits for memory, and nobody waits for
 * somebody who waits.
 */
final class AdmissionQueue implements AutoCloseable {

  /** Clips read or looked at at a time: one that is looked at, and the next. */
  private static final int VIEWINGS = 2;

  /** How often others may get memory before one that waits for it; then nobody does. */
  static final int PASSES = 8;

  private final Engine engine;
  private final ClipCache cache;
  private final Metrics metrics;
  private final long readBytes;
  private final Clock clock;
  private final Consumer<ClipLoad> reader;
  private final AnswerTime pace = new AnswerTime();
  private final FairTurns turns = new FairTurns();
  private final List<Job> waiting = new ArrayList<>();
  private final Map<String, ClipLoad> viewings = new LinkedHashMap<>();
  private ClipLoad lastLook;

  /**
   * An empty room.
   *
   * @param readBytes of the pixels of clips that are read or looked at, where there are several:
   *     they lie in Java's heap
   * @param reader begins to read a viewing's frames, which come later or never
   */
  AdmissionQueue(
      Engine engine,
      ClipCache cache,
      Metrics metrics,
      long readBytes,
      Clock clock,
      Consumer<ClipLoad> reader) {
    this.engine = engine;
    this.cache = cache;
    this.metrics = metrics;
    this.readBytes = readBytes;
    this.clock = clock;
    this.reader = reader;
  }

  void add(Job job) {
    job.queue(turns.next(job.question().getVideoId()));
    waiting.add(job);
  }

  /** A copy: who waits, in no order that counts. */
  List<Job> waiting() {
    return List.copyOf(waiting);
  }

  int size() {
    return waiting.size();
  }

  /** Takes somebody out. A clip for which nobody waits any more is not looked at further. */
  void remove(Job job) {
    if (waiting.remove(job)) {
      left(job);
    }
    ClipLoad viewing = viewings.get(job.clipId());
    if (viewing != null && waiting.stream().noneMatch(other -> isFor(viewing, other))) {
      viewings.remove(viewing.clipId());
      viewing.close();
    }
  }

  private void left(Job job) {
    turns.left(job.question().getVideoId());
  }

  /**
   * Gives out memory, in order; one that does not fit yet is passed by those who do, within bounds.
   * No standing question gets any while another question waits for it.
   *
   * @param places how many may begin
   * @return who begins; they are no longer here
   */
  List<Job> admit(int places) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    sort();
    List<Job> begin = new ArrayList<>();
    List<Job> refused = new ArrayList<>();
    for (Job job : waiting) {
      boolean place = begin.size() < places;
      if (job.memory() == null && !yields(job) && asks(job, place)) {
        boolean mayPass = refused.stream().allMatch(other -> other.timesPassed() < PASSES);
        if (mayPass && take(job)) {
          refused.forEach(Job::pass);
        } else {
          refuse(job, refused);
        }
      }
      if (place && job.isReady()) {
        begin.add(job);
      }
    }
    waiting.removeAll(begin);
    begin.forEach(job -> turns.begun(job.turn()));
    return begin;
  }

  private void sort() {
    Instant now = clock.instant();
    waiting.sort(
        Comparator.comparing(Job::isStanding)
            .thenComparing(job -> job.isStanding() && !pace.meets(job.deadline(), now))
            .thenComparing(job -> job.isStanding() ? job.deadline() : Instant.MIN)
            .thenComparing(Job::turn));
  }

  private boolean yields(Job job) {
    return job.isStanding()
        && waiting.stream().anyMatch(other -> !other.isStanding() && other.memory() == null);
  }

  /** Whether memory is what it needs next, and not its clip, a viewing or a place. */
  private boolean asks(Job job, boolean place) {
    ClipLoad viewing = viewings.get(job.clipId());
    if (viewing != null) {
      job.await(viewing);
      return false;
    }
    return cache.contains(job.clipId()) ? place : mayRead(job);
  }

  private boolean mayRead(Job job) {
    long held = viewings.values().stream().mapToLong(viewing -> pixels(viewing.manifest())).sum();
    long before =
        viewings.values().stream().filter(view -> job.isStanding() || isPressing(view)).count();
    return held == 0 || (before < VIEWINGS && held + pixels(job.clip()) <= readBytes);
  }

  /** Whether somebody waits for it who gives way to nobody. */
  private boolean isPressing(ClipLoad viewing) {
    return waiting.stream().anyMatch(job -> isFor(viewing, job) && !job.isStanding());
  }

  private static long pixels(ClipManifest clip) {
    long side = clip.getProfile().getImageSize();
    return 3 * side * side * clip.getFramesCount();
  }

  private boolean take(Job job) {
    boolean there = cache.contains(job.clipId());
    long clip = there ? 0 : job.clipBytes();
    Optional<ClipCache.Hold> memory = cache.hold(clip + job.bytes(), job.clipId());
    memory.ifPresent(
        held -> {
          job.hold(held, clock.instant());
          if (there) {
            held.pin(job.clipId());
            metrics.count(Metric.CLIP_HITS);
          } else {
            open(job, held.split(clip));
          }
        });
    return memory.isPresent();
  }

  private void open(Job job, ClipCache.Hold memory) {
    ClipLoad viewing = new ClipLoad(job.clip(), memory);
    viewings.put(viewing.clipId(), viewing);
    job.await(viewing);
    metrics.count(Metric.CLIP_MISSES);
    reader.accept(viewing);
  }

  private void refuse(Job job, List<Job> refused) {
    if (job.refuse()) {
      metrics.count(Metric.MEMORY_WAITS);
    }
    refused.add(job);
  }

  /**
   * The clip to look at next, first those for which others than standing questions wait. Of two the
   * older one; but where the younger is smaller they take turns, so that a long clip does not hold
   * it back.
   */
  Optional<ClipLoad> next() {
    List<ClipLoad> ready = viewings.values().stream().filter(ClipLoad::isRead).toList();
    if (ready.isEmpty()) {
      return Optional.empty();
    }
    List<ClipLoad> pressing = ready.stream().filter(this::isPressing).toList();
    ready = pressing.isEmpty() ? ready : pressing;
    ClipLoad older = ready.get(0);
    ClipLoad younger = ready.get(ready.size() - 1);
    boolean turn = younger.frames() < older.frames() && lastLook != younger;
    return Optional.of(turn ? younger : older);
  }

  /** Looks at the next piece of a clip that {@link #next} named; whether that was the last. */
  boolean look(ClipLoad viewing) {
    lastLook = viewing;
    return viewing.step(engine);
  }

  /** Notes that somebody's answer, begun here, has ended. */
  void answered(Job job) {
    if (job.memory() != null) {
      pace.add(Duration.between(job.heldSince(), clock.instant()));
    }
  }

  /** Whether frames that come for it are still wanted. */
  boolean awaits(ClipLoad viewing) {
    return viewings.get(viewing.clipId()) == viewing;
  }

  /** Puts what was seen into the cache, where it stays for whoever holds memory for its answer. */
  void looked(ClipLoad viewing) {
    Engine.Clip clip = viewing.finish();
    viewings.remove(viewing.clipId());
    cache.put(viewing.clipId(), clip);
    waiting.stream()
        .filter(job -> isFor(viewing, job) && job.memory() != null)
        .forEach(job -> job.memory().pin(viewing.clipId()));
  }

  /**
   * Ends a viewing that failed.
   *
   * @return who waited for it with the same frames; they are no longer here. Others, whose manifest
   *     names other frames of the same clip, try theirs
   */
  List<Job> failed(ClipLoad viewing) {
    viewings.remove(viewing.clipId());
    viewing.close();
    List<Job> failed =
        waiting.stream().filter(job -> job.clip().equals(viewing.manifest())).toList();
    waiting.removeAll(failed);
    failed.forEach(this::left);
    return failed;
  }

  @Override
  public void close() {
    viewings.values().forEach(ClipLoad::close);
    viewings.clear();
    waiting.forEach(Job::close);
    waiting.clear();
  }

  private static boolean isFor(ClipLoad viewing, Job job) {
    return viewing.clipId().equals(job.clipId());
  }
}
