package io.saccade.model;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a model compares with a reference case.
 *
 * @param caseFile the case
 * @param rotaryFrequencies the type that the reference had rounded its rotary frequencies to: F32,
 *     or the type of the weights
 * @param rows one per tensor that was compared
 * @param skipped tensors of the case that were not, being unknown
 */
public record Verification(
    Path caseFile, String rotaryFrequencies, List<Row> rows, List<String> skipped) {

  /** Copies the lists. */
  public Verification {
    rows = List.copyOf(rows);
    skipped = List.copyOf(skipped);
  }

  /**
   * One tensor.
   *
   * @param name its name in the case
   * @param shape its shape in the case
   * @param maxAbsoluteDifference largest difference of an element; absent for ids and where shapes
   *     differ
   * @param maxRelativeDifference the same divided by the largest magnitude among the case's
   *     elements
   * @param agrees whether the tensors agree: ids equal, or a relative difference of at most {@link
   *     Verifier#TOLERANCE}
   * @param remark what differs where that is no number, else empty
   */
  public record Row(
      String name,
      List<Long> shape,
      OptionalDouble maxAbsoluteDifference,
      OptionalDouble maxRelativeDifference,
      boolean agrees,
      String remark) {}

  /** Whether something was compared and all of it agrees. */
  public boolean passed() {
    return !rows.isEmpty() && rows.stream().allMatch(Row::agrees);
  }
}
