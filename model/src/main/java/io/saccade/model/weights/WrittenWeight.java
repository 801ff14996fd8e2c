package io.saccade.model.weights;

/**
 * What became of a weight.
 *
 * @param weight the weight
 * @param squaredNorm sum of its squared elements
 * @param squaredError sum of squared differences of what was written, 0 unless it is quantised
 */
public record WrittenWeight(NewWeight weight, double squaredNorm, double squaredError) {}
