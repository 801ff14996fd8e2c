package io.saccade.worker;

import static java.util.Comparator.comparingDouble;
import static java.util.Comparator.comparingLong;

import io.saccade.bus.FairTurns;
import io.saccade.model.graph.ModelMemoryException;
import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers under way: those whose prompts are being computed, and those that get a token at each
 * step. What fails in the engine fails the question that it belongs to, and no other. Confined to
 * the inference thread.
 */
final class Batch {

  private static final Logger log = LoggerFactory.getLogger(Batch.class);

  private final Engine engine;
  private final ClipCache cache;
  private final Metrics metrics;
  private final Consumer<Job> progress;
  private final BiConsumer<Job, Throwable> failure;
  private final FairTurns turns = new FairTurns();
  private final List<Job> prefilling = new ArrayList<>();
  private final List<Job> decoding = new ArrayList<>();

  /**
   * An empty batch.
   *
   * @param progress told of each job that has a new token
   * @param failure told of each job that cannot go on
   */
  Batch(
      Engine engine,
      ClipCache cache,
      Metrics metrics,
      Consumer<Job> progress,
      BiConsumer<Job, Throwable> failure) {
    this.engine = engine;
    this.cache = cache;
    this.metrics = metrics;
    this.progress = progress;
    this.failure = failure;
  }

  int size() {
    return prefilling.size() + decoding.size();
  }

  /** Whether a prompt is under way. */
  boolean hasPrompts() {
    return !prefilling.isEmpty();
  }

  /** A copy: all that are under way. */
  List<Job> jobs() {
    return Stream.concat(prefilling.stream(), decoding.stream()).toList();
  }

  /** Takes in somebody who is ready. */
  void begin(Job job) {
    if (compute(job, job::begin)) {
      awaitTurn(job);
    }
  }

  /** For a piece of its prompt. */
  private void awaitTurn(Job job) {
    job.queue(turns.next(job.question().getVideoId()));
    prefilling.add(job);
  }

  /** Takes somebody out, who need not be here. */
  void remove(Job job) {
    if (prefilling.remove(job)) {
      turns.left(job.question().getVideoId());
    }
    decoding.remove(job);
  }

  /** Computes one piece of a prompt; videos take turns, and prompts of each. There must be one. */
  void prefill() {
    Job job = Collections.min(prefilling, comparingDouble(Job::turn));
    prefilling.remove(job);
    turns.begun(job.turn());
    long begin = System.nanoTime();
    boolean[] done = {false};
    if (!compute(job, () -> done[0] = job.answering().prefill())) {
      return;
    }
    metrics.timeSince(Metric.PREFILL, begin);
    if (done[0]) {
      metrics.count(Metric.TOKENS);
      decoding.add(job);
      progress.accept(job);
    } else {
      awaitTurn(job);
    }
  }

  /** Computes one token of each answer whose prompt is done; whether there was one. */
  boolean decode() {
    if (decoding.isEmpty()) {
      return false;
    }
    long begin = System.nanoTime();
    List<Job> stepped = step(new ArrayList<>(decoding));
    metrics.timeSince(Metric.DECODE, begin);
    metrics.record(Metric.BATCH_SIZE, stepped.size());
    metrics.add(Metric.TOKENS, stepped.size());
    stepped.forEach(progress);
    return true;
  }

  /**
   * Computes one token for each. Where memory is short the largest makes room; of other failures
   * only the guilty one is to fail, and so each is tried alone.
   *
   * @return those that have one
   */
  private List<Job> step(List<Job> batch) {
    while (!batch.isEmpty()) {
      try {
        cache.retrying(() -> token(batch));
        return batch;
      } catch (RuntimeException | Error e) {
        if (batch.size() > 1 && !(e instanceof ModelMemoryException)) {
          log.warn("event=batch_failed size={} reason=\"{}\"", batch.size(), e.toString());
          return batch.stream().filter(this::stepAlone).toList();
        }
        Job largest = Collections.max(batch, comparingLong(Job::bytes));
        batch.remove(largest);
        failure.accept(largest, e);
      }
    }
    return batch;
  }

  /** One that got its last token before another failed needs no more. */
  private boolean stepAlone(Job job) {
    return job.answering().finished() || compute(job, () -> token(List.of(job)));
  }

  private void token(List<Job> batch) {
    engine.decode(batch.stream().map(Job::answering).toList());
  }

  /** Runs a piece of one question's work; whether it went well. If not, the question failed. */
  private boolean compute(Job job, Runnable piece) {
    try {
      cache.retrying(piece);
      return true;
    } catch (RuntimeException | Error e) {
      failure.accept(job, e);
      return false;
    }
  }
}
