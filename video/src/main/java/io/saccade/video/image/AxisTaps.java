package io.saccade.video.image;

/**
 * The filter taps of one axis: for each output sample, the source samples and their weights, as in
 * Pillow's antialiased bicubic filter ({@code Resample.c}). The kernel is Keys' cubic convolution
 * with a = -0.5 (Keys 1981); when shrinking, it is stretched by the scale, so that every source
 * sample contributes. Weights are integers in units of 2^-22, as Pillow uses for 8-bit images. See
 * decision 11 in {@code docs/decisions.md}.
 */
final class AxisTaps {
  /** 8 bits of value and 2 of headroom leave this many bits of a 32-bit sum for the fraction. */
  static final int FRACTION_BITS = 32 - 8 - 2;

  private static final double A = -0.5;
  private static final double KERNEL_RADIUS = 2;

  private final int[] starts;
  private final int[][] weights;

  /**
   * Computes the taps of outputs {@code first} to {@code first + count - 1} of a resized axis.
   *
   * @param sourceLength number of source samples
   * @param resizedLength number of samples of the whole resized axis
   * @param first first output sample that is kept
   * @param count number of output samples that are kept
   */
  AxisTaps(int sourceLength, int resizedLength, int first, int count) {
    starts = new int[count];
    weights = new int[count][];
    double scale = (double) sourceLength / resizedLength;
    double stretch = Math.max(scale, 1);
    double radius = KERNEL_RADIUS * stretch;
    for (int i = 0; i < count; i++) {
      double center = (first + i + 0.5) * scale;
      int start = Math.max((int) (center - radius + 0.5), 0);
      int end = Math.min((int) (center + radius + 0.5), sourceLength);
      starts[i] = start;
      weights[i] = quantized(normalized(start, end, center, 1 / stretch));
    }
  }

  /** First source sample of output {@code i}; never decreases with {@code i}. */
  int start(int i) {
    return starts[i];
  }

  /** One past the last source sample of output {@code i}; never decreases with {@code i}. */
  int end(int i) {
    return starts[i] + weights[i].length;
  }

  /** Weights of output {@code i}, from {@link #start} on; they add up to about 2^22. */
  int[] weights(int i) {
    return weights[i];
  }

  /** Weight of source sample {@code x} for output {@code i}; 0 if it does not contribute. */
  int weight(int i, int x) {
    return x < starts[i] || x >= end(i) ? 0 : weights[i][x - starts[i]];
  }

  /** The largest number of outputs that {@code span} neighbouring source samples contribute to. */
  int overlap(int span) {
    int most = 1;
    int first = 0;
    for (int i = 0; i < starts.length; i++) {
      while (end(first) <= start(i) - span + 1) {
        first++;
      }
      most = Math.max(most, i - first + 1);
    }
    return most;
  }

  private static double[] normalized(int start, int end, double center, double shrink) {
    double[] values = new double[end - start];
    double sum = 0;
    for (int x = 0; x < values.length; x++) {
      values[x] = kernel((x + start - center + 0.5) * shrink);
      sum += values[x];
    }
    for (int x = 0; x < values.length && sum != 0; x++) {
      values[x] /= sum;
    }
    return values;
  }

  private static int[] quantized(double[] values) {
    int[] fixed = new int[values.length];
    for (int x = 0; x < fixed.length; x++) {
      double scaled = values[x] * (1 << FRACTION_BITS);
      fixed[x] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
    return fixed;
  }

  private static double kernel(double position) {
    double x = Math.abs(position);
    if (x < 1) {
      return ((A + 2) * x - (A + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
  }
}
