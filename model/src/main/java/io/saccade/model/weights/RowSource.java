package io.saccade.model.weights;

import io.saccade.model.config.CheckpointException;

/** Where the elements of new weights come from; asked by several threads. */
@FunctionalInterface
public interface RowSource {

  /**
   * Gives consecutive elements of a weight.
   *
   * @param weight the weight
   * @param first index of the first element, row-major
   * @param into takes the elements, from its start
   * @param count number of elements
   * @throws CheckpointException if they cannot be read
   */
  void read(NewWeight weight, long first, float[] into, int count);
}
