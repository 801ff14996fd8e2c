package io.saccade.model.verify;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a model compares with a reference case.
 *
 * <p>In float32 every tensor must agree within {@link Verifier#TOLERANCE} and every generated id
 * must be equal. In a smaller format the directions of the tensors must agree: the cosine of each
 * must reach {@link #requiredCosine}. Each generated token is then computed after the reference's
 * tokens before it, so that one that differs does not change the rest.
 *
 * @param caseFile the case
 * @param format what the model computed in: f32, bf16, f16, int8 or int4
 * @param rotaryFrequencies the type that the reference had rounded its rotary frequencies to: F32,
 *     or the type of the weights
 * @param rows one per tensor that was compared
 * @param skipped tensors of the case that were not, being unknown
 */
public record Verification(
    Path caseFile, String format, String rotaryFrequencies, List<Row> rows, List<String> skipped) {

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
   * @param cosine of the tensors as vectors; absent likewise
   * @param equalShare share of equal ids; absent for other tensors
   * @param agrees whether it is as near as the format asks for
   * @param remark what differs where that is no number, else empty
   */
  public record Row(
      String name,
      List<Long> shape,
      OptionalDouble maxAbsoluteDifference,
      OptionalDouble maxRelativeDifference,
      OptionalDouble cosine,
      OptionalDouble equalShare,
      boolean agrees,
      String remark) {}

  /** Whether something was compared and all of it agrees. */
  public boolean passed() {
    return !rows.isEmpty() && rows.stream().allMatch(Row::agrees);
  }

  /** The smallest cosine of any tensor of logits. */
  public OptionalDouble logitsCosine() {
    return rows.stream()
        .filter(row -> row.name().contains("logits"))
        .flatMapToDouble(row -> row.cosine().stream())
        .min();
  }

  /** The share of equal ids among all that were generated greedily. */
  public OptionalDouble greedyShare() {
    long ids = 0;
    double equal = 0;
    for (Row row : rows) {
      if (row.name().startsWith("generated") && row.equalShare().isPresent()) {
        ids += row.shape().get(0);
        equal += row.equalShare().getAsDouble() * row.shape().get(0);
      }
    }
    return ids == 0 ? OptionalDouble.empty() : OptionalDouble.of(equal / ids);
  }

  /** The cosine that tensors in a format must reach: f32 has a stricter rule. */
  public static double requiredCosine(String format) {
    return format.equals("int4") ? 0.98 : 0.999;
  }
}
