package io.saccade.router.flow;

import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * How many questions the partitions of this process hold: each processor tells its own, a scrape
 * sums them up. Safe for use by several threads.
 */
public final class QuestionGauges {

  private final Map<Object, Population> partitions = new ConcurrentHashMap<>();

  /**
   * The questions of a partition.
   *
   * @param open all that have no answer
   * @param parked of these, those that wait for their video, their model, their clip or a window
   * @param queued of these, windows that wait until workers have room
   * @param standing standing questions, which each partition knows all
   */
  record Population(int open, int parked, int queued, int standing) {}

  /** Has the metrics show what is told. */
  public QuestionGauges(Metrics metrics) {
    metrics.gauge(Metric.QUESTIONS_OPEN, () -> sum(Population::open));
    metrics.gauge(Metric.QUESTIONS_PARKED, () -> sum(Population::parked));
    metrics.gauge(Metric.WINDOWS_WAITING, () -> sum(Population::queued));
    metrics.gauge(
        Metric.STANDING_QUESTIONS,
        () -> partitions.values().stream().mapToInt(Population::standing).max().orElse(0));
  }

  /** Replaces what is known of a partition. */
  public void tell(Object partition, Population population) {
    partitions.put(partition, population);
  }

  /** A partition went elsewhere. */
  public void forget(Object partition) {
    partitions.remove(partition);
  }

  private int sum(ToIntFunction<Population> part) {
    return partitions.values().stream().mapToInt(part).sum();
  }
}
