package io.saccade.router.flow;

import io.saccade.telemetry.Metric;
import io.saccade.telemetry.Metrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * Gauges of the open questions of this process. Each processor reports the numbers of its
 * partition; a scrape adds them up. Thread-safe. Public for the package {@code streams} only.
 */
public final class QuestionGauges {

  private final Map<Object, Population> partitions = new ConcurrentHashMap<>();

  /**
   * The numbers of questions in a partition.
   *
   * @param open questions without an answer
   * @param parked of these, questions that wait for their video, their model, their clip or a
   *     window
   * @param queued of these, windows that wait until workers have room
   * @param standing all standing questions, the same number in each partition
   */
  public record Population(int open, int parked, int queued, int standing) {}

  /** Registers the gauges. */
  public QuestionGauges(Metrics metrics) {
    metrics.gauge(Metric.QUESTIONS_OPEN, () -> sum(Population::open));
    metrics.gauge(Metric.QUESTIONS_PARKED, () -> sum(Population::parked));
    metrics.gauge(Metric.WINDOWS_WAITING, () -> sum(Population::queued));
    metrics.gauge(
        Metric.STANDING_QUESTIONS,
        () -> partitions.values().stream().mapToInt(Population::standing).max().orElse(0));
  }

  /**
   * Sets the numbers of a partition.
   *
   * @param partition identifies it, by equality
   */
  public void set(Object partition, Population population) {
    partitions.put(partition, population);
  }

  /** Removes a partition that this process no longer has. */
  public void remove(Object partition) {
    partitions.remove(partition);
  }

  private int sum(ToIntFunction<Population> part) {
    return partitions.values().stream().mapToInt(part).sum();
  }
}
