package io.saccade.model.synthesis;

import io.saccade.model.config.TensorSpec;
import io.saccade.model.weights.NewWeight;
import io.saccade.model.weights.RowSource;
import java.util.SplittableRandom;

/**
 * Random weights, about normal, through which activations stay of order one however many layers
 * there are: a matrix has the standard deviation 1 / sqrt(inputs), which is 0.017 at the released
 * width, and those that add to the residual stream are smaller by sqrt(2 * layers). Norms are one,
 * layer scales a tenth, and the warm-up gates lie about 0.3, so that slow tokens matter.
 *
 * <p>Each element depends on the seed, the tensor's name and where the pieces read begin.
 */
final class RandomRows implements RowSource {
  private static final double BIAS_DEVIATION = 0.02;
  private static final int TABLE_BITS = 16;
  private static final int DRAWS = Long.SIZE / TABLE_BITS;

  private final long seed;
  private final int layers;
  private final float[] normal = new float[1 << TABLE_BITS];

  /** A weight's mean and standard deviation. */
  private record Distribution(double mean, double deviation) {}

  /**
   * A source.
   *
   * @param seed the same seed gives the same weights
   * @param layers layers of the decoder
   */
  RandomRows(long seed, int layers) {
    this.seed = seed;
    this.layers = layers;
    SplittableRandom random = new SplittableRandom(normal.length);
    for (int i = 0; i < normal.length; i += 2) {
      normal[i] = (float) random.nextGaussian();
      normal[i + 1] = -normal[i]; // no matrix has a mean
    }
  }

  @Override
  public void read(NewWeight weight, long first, float[] into, int count) {
    Distribution distribution = distribution(weight.spec());
    float mean = (float) distribution.mean();
    float deviation = (float) distribution.deviation();
    SplittableRandom random =
        new SplittableRandom(seed ^ ((long) weight.name().hashCode() << Integer.SIZE) ^ first);
    long bits = 0;
    for (int i = 0; i < count; i++) {
      bits = i % DRAWS == 0 ? random.nextLong() : bits >>> TABLE_BITS;
      into[i] = mean + deviation * normal[(int) bits & (normal.length - 1)];
    }
  }

  private Distribution distribution(TensorSpec spec) {
    return switch (spec.role()) {
      case MATRIX -> new Distribution(0, 1 / Math.sqrt(inputs(spec)));
      case RESIDUAL_MATRIX -> new Distribution(0, 1 / Math.sqrt(inputs(spec) * 2.0 * layers));
      case BIAS -> new Distribution(0, BIAS_DEVIATION);
      case NORM -> new Distribution(1, 0);
      case LAYER_SCALE -> new Distribution(0.1, 0.02);
      case GATE -> new Distribution(0.3, 0.05);
    };
  }

  private static double inputs(TensorSpec spec) {
    return (double) spec.elements() / spec.shape().get(0);
  }
}
