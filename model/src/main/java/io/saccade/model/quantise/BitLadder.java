package io.saccade.model.quantise;

import io.saccade.model.config.Quantisation;
import io.saccade.model.config.QuantisationOptions;
import io.saccade.model.weights.NewWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The ways between a checkpoint with all of its weights in few bits and one with nearly all as they
 * are: on each step one more weight has a larger form. First those in int4 become int8, one after
 * another, then those in int8 become what they were. On the last step one quantised weight is left.
 */
final class BitLadder {
  private final List<NewWeight> smallest;
  private final List<Rise> rises = new ArrayList<>();

  /** A weight gets a larger form. */
  private record Rise(int index, NewWeight weight) {}

  /**
   * Plans the steps.
   *
   * @param weights all weights of the checkpoint, as they are
   * @param options the form that all of them would have
   * @param order indices of the weights that the options quantise, the first to rise first
   */
  BitLadder(List<NewWeight> weights, QuantisationOptions options, List<Integer> order) {
    QuantisationOptions int8 =
        new QuantisationOptions(Quantisation.INT8, options.group(), options.keepOutputLayer());
    this.smallest = weights.stream().map(weight -> weight.quantised(options)).toList();
    if (options.form() == Quantisation.INT4) {
      List<Integer> int4 =
          order.stream()
              .filter(i -> smallest.get(i).quantisation().equals(Optional.of(Quantisation.INT4)))
              .toList();
      rise(int4, weights, weight -> weight.quantised(int8));
    }
    rise(order.subList(0, Math.max(0, order.size() - 1)), weights, UnaryOperator.identity());
  }

  private void rise(List<Integer> order, List<NewWeight> from, UnaryOperator<NewWeight> to) {
    order.forEach(i -> rises.add(new Rise(i, to.apply(from.get(i)))));
  }

  /** Number of steps: positions are from 0 to this. */
  int steps() {
    return rises.size();
  }

  /** All weights after some steps. */
  List<NewWeight> at(int position) {
    List<NewWeight> weights = new ArrayList<>(smallest);
    rises.subList(0, position).forEach(rise -> weights.set(rise.index(), rise.weight()));
    return weights;
  }
}
