package io.saccade.model.weights;

import java.nio.ByteBuffer;

/**
 * Quantises groups of weights to four bits each, one group after another: w = (q - 8) * scale +
 * zero. Least squared error among a few ranges (all weights, or the extremes clipped, which makes
 * the steps finer for the many between) and the best line through the values so chosen.
 */
final class Int4Group {
  private static final int MAX = 15;
  private static final int MIDDLE = 8;

  /** Parts of the full range that are tried. */
  private static final float[] RANGES = {1f, 0.95f, 0.9f, 0.85f, 0.8f, 0.75f};

  private final int size;
  private final boolean search;
  private float scale;
  private float zero;

  /**
   * A quantiser of groups.
   *
   * @param size weights of a group, even
   * @param search whether ranges are tried
   */
  Int4Group(int size, boolean search) {
    this.size = size;
    this.search = search;
  }

  int size() {
    return size;
  }

  /** The scale of the group quantised last, as BF16 holds it. */
  float scale() {
    return scale;
  }

  /** The zero of the group quantised last, as BF16 holds it. */
  float zero() {
    return zero;
  }

  /**
   * Quantises a group.
   *
   * @param weights holds it
   * @param begin where it begins
   * @param into takes its values, two in a byte
   * @return the sum of squared differences
   * @throws ArithmeticException if a weight is not finite
   */
  double quantise(float[] weights, int begin, ByteBuffer into) {
    float least = weights[begin];
    float greatest = least;
    for (int i = begin + 1; i < begin + size; i++) {
      float weight = weights[i];
      if (weight < least) {
        least = weight;
      } else if (weight > greatest) {
        greatest = weight;
      }
    }
    double error = choose(weights, begin, least, greatest);
    QuantisedRows.requireFinite(error);
    for (int i = begin; i < begin + size; i += 2) {
      into.put((byte) (value(weights[i]) | value(weights[i + 1]) << 4));
    }
    return error;
  }

  private double choose(float[] weights, int begin, float least, float greatest) {
    double best = Double.POSITIVE_INFINITY;
    float bestScale = 0;
    float bestZero = 0;
    for (int i = 0; i < (search ? RANGES.length : 1); i++) {
      scale = FloatCodec.roundToBf16((greatest - least) * RANGES[i] / MAX);
      // The middle of the range lies between the values 7 and 8.
      zero = FloatCodec.roundToBf16((least + greatest) / 2 + scale / 2);
      double error = error(weights, begin, best);
      if (error < best) {
        best = error;
        bestScale = scale;
        bestZero = zero;
      }
    }
    scale = bestScale;
    zero = bestZero;
    return search ? refined(weights, begin, best) : best;
  }

  /** Tries the line through weights over values of least squares, which the values chosen imply. */
  private double refined(float[] weights, int begin, double best) {
    float inverse = inverse();
    float q1 = 0;
    float q2 = 0;
    float w1 = 0;
    float qw = 0;
    for (int i = begin; i < begin + size; i++) {
      int q = value(weights[i], inverse) - MIDDLE;
      q1 += q;
      q2 += q * q;
      w1 += weights[i];
      qw += q * weights[i];
    }
    float oldScale = scale;
    float oldZero = zero;
    float spread = size * q2 - q1 * q1;
    if (spread > 0) {
      float slope = (size * qw - q1 * w1) / spread;
      scale = FloatCodec.roundToBf16(slope);
      zero = FloatCodec.roundToBf16((w1 - scale * q1) / size);
      double error = error(weights, begin, best);
      if (error < best) {
        return error;
      }
    }
    scale = oldScale;
    zero = oldZero;
    return best;
  }

  /** The error with the scale and zero of now, or something above {@code limit}. */
  private double error(float[] weights, int begin, double limit) {
    float inverse = inverse();
    float sum = 0;
    for (int i = begin; i < begin + size && sum <= limit; i++) {
      int q = value(weights[i], inverse);
      float difference = weights[i] - ((q - MIDDLE) * scale + zero);
      sum += difference * difference;
    }
    return sum;
  }

  private int value(float weight) {
    return value(weight, inverse());
  }

  private int value(float weight, float inverse) {
    int q = (int) ((weight - zero) * inverse + (MIDDLE + 0.5f)); // below 0 is cut to 0 anyway
    return Math.max(0, Math.min(MAX, q));
  }

  private float inverse() {
    return scale == 0 ? 0 : 1 / scale;
  }
}
