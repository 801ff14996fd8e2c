package io.saccade.worker;

import io.saccade.model.Generation;
import io.saccade.model.graph.ModelMemoryException;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.Result;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Continuous batching: questions, of one clip or of several, join and leave at token boundaries.
 * Each turn computes at most one piece that is no token (of a look at a clip, or of a prompt) and
 * then one token of every answer under way, so that a long clip or prompt holds back nobody by more
 * than a piece.
 *
 * <p>All is done on the thread that calls {@link #run}, the inference thread, but for {@link
 * #submit}, {@link #stop} and the reading of frames.
 */
final class Batcher implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Batcher.class);

  /** How late a deadline or a cancellation is seen by one who waits for frames only. */
  private static final Duration WATCH = Duration.ofMillis(20);

  /** Between reports, and steps by which the budget of memory grows again. */
  private static final Duration REPORT = Duration.ofMinutes(1);

  private final Engine engine;
  private final ClipCache cache;
  private final ClipReader reader;
  private final Results results;
  private final Metrics metrics;
  private final int maxBatch;
  private final Clock clock;
  private final BlockingQueue<Runnable> inbox = new LinkedBlockingQueue<>();
  private final AdmissionQueue room;
  private final Batch batch;
  private boolean promptsTurn;

  /** Whether somebody ended in this turn, so that others may begin in the next. */
  private boolean ended;

  private volatile boolean stopped;

  /**
   * Prepares it.
   *
   * @param engine not taken over
   * @param cache taken over
   * @param maxBatch answers under way at a time, at least 1
   * @param readBytes of the pixels of clips that are read or looked at; one clip may have more
   */
  Batcher(
      Engine engine,
      ClipCache cache,
      ClipReader reader,
      Results results,
      Metrics metrics,
      int maxBatch,
      long readBytes,
      Clock clock) {
    this.engine = engine;
    this.cache = cache;
    this.reader = reader;
    this.results = results;
    this.metrics = metrics;
    this.maxBatch = maxBatch;
    this.clock = clock;
    this.room = new AdmissionQueue(engine, cache, metrics, readBytes, clock, this::read);
    this.batch = new Batch(engine, cache, metrics, this::tell, this::fail);
  }

  /**
   * Hands over a request, from any thread.
   *
   * @param queued how long it waited until now
   */
  void submit(InferenceRequest request, Duration queued, RequestCallback reply) {
    Job job = new Job(request, queued, reply);
    inbox.add(() -> arrive(job));
  }

  /** From any thread: what is under way ends at its next piece, without a reply. */
  void stop() {
    stopped = true;
    inbox.add(() -> {});
  }

  /** Works until {@link #stop}; without work it waits and takes no processor time. */
  void run() throws InterruptedException {
    Instant report = clock.instant().plus(REPORT);
    boolean worked = false;
    while (!stopped) {
      Duration patience =
          turn() ? Duration.ZERO : isIdle() ? Duration.between(clock.instant(), report) : WATCH;
      Runnable next = inbox.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (next != null) {
        worked = true;
        next.run();
      }
      if (!clock.instant().isBefore(report)) {
        report = clock.instant().plus(REPORT);
        cache.grow();
        if (worked) {
          report();
        }
        worked = !isIdle();
      }
    }
  }

  private boolean isIdle() {
    return room.size() + batch.size() == 0;
  }

  private void report() {
    log.info("event=worker_metrics worker={} {}", results.worker(), metrics.line());
  }

  /**
   * One turn: arrivals and departures, at most one piece, one token of each answer.
   *
   * @return whether the next turn has something to do, too; if not, something must come first
   */
  boolean turn() {
    ended = false;
    takeArrivals();
    endUnwanted();
    room.admit(maxBatch - batch.size()).forEach(batch::begin);
    boolean computed = computePiece();
    computed |= batch.decode();
    metrics.set(Metric.SEQUENCES_WAITING, room.size());
    metrics.set(Metric.SEQUENCES_RUNNING, batch.size());
    return computed || ended || !inbox.isEmpty();
  }

  private void takeArrivals() {
    for (Runnable next = inbox.poll(); next != null; next = inbox.poll()) {
      next.run();
    }
  }

  private void arrive(Job job) {
    if (endIfUnwanted(job)) {
      return;
    }
    Optional<String> unfit = unfit(job.clip());
    if (unfit.isPresent()) {
      job.reply().answered(results.failed(job, FailureCode.INFERENCE_FAILED, unfit.get()));
      return;
    }
    try {
      job.prepare(engine);
      room.add(job);
    } catch (RuntimeException | Error e) { // unanswered, it would hold up its partition
      end(job, results.refused(job, e));
    }
  }

  /** Why the engine cannot see this clip, or nothing. Its number of frames may be any. */
  private Optional<String> unfit(ClipManifest clip) {
    int sampled = clip.getProfile().getImageSize();
    int seen = engine.card().getProfile().getImageSize();
    if (clip.getFramesCount() == 0) {
      return Optional.of("the clip has no frames");
    }
    return sampled == seen
        ? Optional.empty()
        : Optional.of(
            "the clip was sampled to %s pixels and the model sees %d: it has changed, ask again"
                .formatted(Integer.toUnsignedString(sampled), seen));
  }

  private void endUnwanted() {
    if (!isIdle()) {
      room.waiting().forEach(this::endIfUnwanted);
      batch.jobs().forEach(this::endIfUnwanted);
    }
  }

  private boolean endIfUnwanted(Job job) {
    boolean expired = clock.instant().isAfter(job.deadline());
    if (!expired && (job.hasBegun() || !job.reply().cancelled())) {
      return false;
    }
    forget(job);
    if (expired) {
      job.reply().expired();
    } else {
      job.reply().dropped();
    }
    return true;
  }

  /** Prompts and looks take turns where there are both. */
  private boolean computePiece() {
    Optional<ClipLoad> viewing = room.next();
    promptsTurn = batch.hasPrompts() && (viewing.isEmpty() || !promptsTurn);
    if (promptsTurn) {
      batch.prefill();
      return true;
    }
    viewing.ifPresent(this::look);
    return viewing.isPresent();
  }

  private void read(ClipLoad viewing) {
    reader.read(
        viewing,
        (frames, failure) ->
            inbox.add(
                () -> {
                  if (!room.awaits(viewing)) {
                    return;
                  } else if (failure == null) {
                    viewing.read(frames);
                  } else {
                    fail(viewing, failure);
                  }
                }));
  }

  private void look(ClipLoad viewing) {
    long begin = System.nanoTime();
    boolean[] done = {false};
    try {
      cache.retrying(() -> done[0] = room.look(viewing));
      if (done[0]) {
        room.looked(viewing);
      }
      metrics.timeSince(Metric.VISION, begin);
    } catch (RuntimeException | Error e) {
      fail(viewing, e);
    }
  }

  /** Sends what is new of an answer; the result, if that was all of it. */
  private void tell(Job job) {
    Generation generation;
    try {
      job.sendText(results.worker());
      generation = job.answering().finished() ? job.answering().generation() : null;
    } catch (RuntimeException | Error e) {
      fail(job, e);
      return;
    }
    if (generation != null) {
      room.answered(job);
      end(job, results.answered(job, generation));
    }
  }

  private void fail(ClipLoad viewing, Throwable reason) {
    noteMemory(reason);
    room.failed(viewing).forEach(job -> end(job, results.failed(job, reason)));
  }

  private void fail(Job job, Throwable reason) {
    noteMemory(reason);
    end(job, results.failed(job, reason));
  }

  /** Less must do from now on; who fails still holds what it had. */
  private void noteMemory(Throwable reason) {
    if (reason instanceof ModelMemoryException) {
      metrics.count(Metric.OUT_OF_MEMORY);
      cache.shrink();
    }
  }

  private void end(Job job, Result result) {
    forget(job);
    job.reply().answered(result);
  }

  private void forget(Job job) {
    ended = true;
    room.remove(job);
    batch.remove(job);
    job.close();
  }

  /** After {@link #run}: closes what is left, without a reply. */
  @Override
  public void close() {
    report();
    batch.jobs().forEach(Job::close);
    room.close();
    cache.close();
  }
}
