package io.saccade.model.weights;

import io.saccade.model.config.Quantisation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Some rows of a linear layer's weight, quantised; {@link Quantisation} has the formulas.
 *
 * @param values the stored values, row after row
 * @param scales BF16: [rows] of int8, [groups, rows, 2] of int4
 * @param squaredError sum of the squared differences from the rows
 */
public record QuantisedRows(ByteBuffer values, ByteBuffer scales, double squaredError) {
  private static final int INT8_MAX = 127;

  /**
   * Quantises rows, the scales rounded to BF16 before the values are chosen.
   *
   * @param weights [rows, columns] at the start of the array
   * @param group columns of a group, for int4
   * @param search whether int4 looks for the range of each group that has the least squared error;
   *     else it is from the least to the greatest weight
   * @throws ArithmeticException if a weight is not finite
   */
  public static QuantisedRows of(
      Quantisation form, float[] weights, int rows, int columns, int group, boolean search) {
    return form == Quantisation.INT8
        ? int8(weights, rows, columns)
        : int4(weights, rows, columns, new Int4Group(group, search));
  }

  private static QuantisedRows int8(float[] weights, int rows, int columns) {
    ByteBuffer values = ByteBuffer.allocate(rows * columns);
    ByteBuffer scales = scales(rows);
    double error = 0;
    for (int row = 0; row < rows; row++) {
      int begin = row * columns;
      float max = 0;
      for (int i = begin; i < begin + columns; i++) {
        float magnitude = Math.abs(weights[i]);
        if (magnitude > max) {
          max = magnitude;
        }
      }
      float scale = FloatCodec.roundToBf16(max / INT8_MAX);
      float inverse = scale == 0 ? 0 : 1 / scale;
      scales.putShort(FloatCodec.bf16(scale));
      for (int i = begin; i < begin + columns; i++) {
        int q = Math.round(weights[i] * inverse);
        q = Math.max(-INT8_MAX, Math.min(INT8_MAX, q));
        values.put((byte) q);
        float difference = weights[i] - q * scale;
        error += difference * difference;
      }
    }
    requireFinite(error);
    return new QuantisedRows(values.flip(), scales.flip(), error);
  }

  private static QuantisedRows int4(float[] weights, int rows, int columns, Int4Group group) {
    int groups = columns / group.size();
    ByteBuffer values = ByteBuffer.allocate(rows * columns / 2);
    ByteBuffer scales = scales(2 * rows * groups);
    double error = 0;
    for (int row = 0; row < rows; row++) {
      for (int g = 0; g < groups; g++) {
        error += group.quantise(weights, row * columns + g * group.size(), values);
        int at = 2 * Short.BYTES * (g * rows + row);
        scales.putShort(at, FloatCodec.bf16(group.scale()));
        scales.putShort(at + Short.BYTES, FloatCodec.bf16(group.zero()));
      }
    }
    return new QuantisedRows(values.flip(), scales, error);
  }

  private static ByteBuffer scales(int count) {
    return ByteBuffer.allocate(count * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Refuses weights that are not finite, or so large that their squares are not. */
  static void requireFinite(double error) {
    if (!Double.isFinite(error)) {
      throw new ArithmeticException("a weight that is not finite or far too large");
    }
  }
}
