package io.saccade.model;

/**
 * What became of a weight.
 *
 * @param weight the weight
 * @param squaredNorm sum of its squared elements
 * @param squaredError sum of squared differences of what was written, 0 unless it is quantised
 */
record WrittenWeight(NewWeight weight, double squaredNorm, double squaredError) {}
