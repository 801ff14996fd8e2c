package io.saccade.model.quantise;

import io.saccade.model.Checkpoint;
import io.saccade.model.config.CheckpointException;
import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.graph.Precision;
import io.saccade.model.weights.NewWeight;
import io.saccade.model.weights.WrittenWeight;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Finds the quantised copy of fewest bits that is as accurate as is asked for: writes copies, and
 * measures each with a {@link LogitProbe}. Usually the first one, all in the form asked for, is.
 */
final class FloorSearch implements Closeable {
  /** Up to here a copy is measured for each weight, to learn what it costs to quantise it. */
  private static final long SMALL_PARAMETERS = 50_000_000;

  private final Checkpoint original;
  private final List<NewWeight> weights;
  private final QuantisationOptions options;
  private final AccuracyFloor floor;
  private final Function<List<NewWeight>, QuantisedCopy> writer;
  private final LogitProbe probe;
  private final List<QuantisedCopy> copies = new ArrayList<>();

  /** A copy and what is known of it. */
  record Found(QuantisedCopy copy, QuantisationMix mix) {}

  /**
   * Prepares a search.
   *
   * @param original the checkpoint
   * @param weights its weights, as they are written where they are not quantised
   * @param writer writes a copy with the forms that the weights are to have
   */
  FloorSearch(
      Checkpoint original,
      List<NewWeight> weights,
      QuantisationOptions options,
      AccuracyFloor floor,
      Function<List<NewWeight>, QuantisedCopy> writer) {
    this.original = original;
    this.weights = weights;
    this.options = options;
    this.floor = floor;
    this.writer = writer;
    this.probe = new LogitProbe(original.folder(), floor.engine());
  }

  /**
   * Searches.
   *
   * @return the copy, which is there until this search is closed
   * @throws CheckpointException if there is none
   */
  Found find() {
    List<Integer> indices =
        IntStream.range(0, weights.size())
            .filter(i -> weights.get(i).quantised(options).quantisation().isPresent())
            .boxed()
            .toList();
    BitLadder unordered = new BitLadder(weights, options, indices);
    Found first = measure(unordered, 0);
    if (first.mix().cosine() >= floor.target(1)) {
      return first;
    }
    double unquantised = probe.cosine(original.folder(), Precision.BF16);
    if (first.mix().cosine() >= floor.target(unquantised)) {
      return first;
    }
    if (unquantised <= floor.cosine()) {
      throw unreachable(unquantised);
    }
    Map<Integer, Double> costs =
        original.parameters() <= SMALL_PARAMETERS
            ? measuredCosts(indices)
            : squaredErrors(indices, first.copy());
    close(first.copy());
    Comparator<Integer> byCost = Comparator.comparing(i -> costs.get(i) / bytesSaved(i));
    List<Integer> order = indices.stream().sorted(byCost.reversed()).toList();
    return bisect(new BitLadder(weights, options, order), floor.target(unquantised), unquantised);
  }

  /** What the cosine loses if one weight alone is in int4, for each. */
  private Map<Integer, Double> measuredCosts(List<Integer> indices) {
    QuantisationOptions int4 =
        new QuantisationOptions(Quantisation.INT4, options.group(), options.keepOutputLayer());
    double baseline = probe.quickCosine(original.folder(), Precision.BF16);
    Map<Integer, Double> costs = new HashMap<>();
    for (int i : indices) {
      List<NewWeight> one = new ArrayList<>(weights);
      one.set(i, weights.get(i).quantised(int4));
      QuantisedCopy copy = write(one);
      costs.put(i, baseline - probe.quickCosine(copy.path(), Precision.AUTO));
      close(copy);
    }
    return costs;
  }

  /** The squared relative error of each weight, which costs nothing to know. */
  private static Map<Integer, Double> squaredErrors(List<Integer> indices, QuantisedCopy copy) {
    Map<Integer, Double> errors = new HashMap<>();
    for (int i : indices) {
      WrittenWeight weight = copy.weights().get(i);
      errors.put(i, weight.squaredNorm() == 0 ? 0 : weight.squaredError() / weight.squaredNorm());
    }
    return errors;
  }

  private double bytesSaved(int index) {
    NewWeight weight = weights.get(index);
    return (double) weight.bytes() - weight.quantised(options).bytes();
  }

  private Found bisect(BitLadder ladder, double target, double unquantised) {
    Found best = null;
    int below = 0;
    int above = ladder.steps() + 1;
    while (above - below > 1) {
      int middle = (below + above) >>> 1;
      Found found = measure(ladder, middle);
      boolean enough = found.mix().cosine() >= target;
      if (enough) {
        above = middle;
      } else {
        below = middle;
      }
      Found worse = enough ? best : found;
      if (worse != null) {
        close(worse.copy());
      }
      best = enough ? found : best;
    }
    if (best == null) {
      throw unreachable(unquantised);
    }
    return best;
  }

  private Found measure(BitLadder ladder, int step) {
    List<NewWeight> mixed = ladder.at(step);
    QuantisedCopy copy = write(mixed);
    double cosine = probe.cosine(copy.path(), Precision.AUTO);
    QuantisationMix mix = QuantisationMix.of(step, ladder.steps(), mixed, cosine);
    floor.listener().accept(mix);
    return new Found(copy, mix);
  }

  private QuantisedCopy write(List<NewWeight> mixed) {
    QuantisedCopy copy = writer.apply(mixed);
    copies.add(copy);
    return copy;
  }

  private void close(QuantisedCopy copy) {
    copy.close();
    copies.remove(copy);
  }

  private CheckpointException unreachable(double unquantised) {
    return new CheckpointException(
        "No %s copy of %s reaches a cosine of %s (bf16 alone has %.5f): lower --min-cosine"
            .formatted(options.form(), original.folder(), floor.cosine(), unquantised));
  }

  /** Removes the copies that were not committed. */
  @Override
  public void close() {
    copies.forEach(QuantisedCopy::close);
  }
}
