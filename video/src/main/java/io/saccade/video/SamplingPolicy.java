package io.saccade.video;

/** Which of a video's n frames are taken, given a wish of N. */
public enum SamplingPolicy {
  /** {@code int(linspace(0, n-1, N))}: always N indices, repeated where n is smaller than N. */
  UNIFORM {
    @Override
    int[] indices(int frameCount, int wanted) {
      int[] indices = new int[wanted];
      if (wanted == 1) {
        return indices;
      }
      double step = (frameCount - 1) / (double) (wanted - 1);
      for (int i = 0; i < wanted - 1; i++) {
        indices[i] = (int) (i * step);
      }
      indices[wanted - 1] = frameCount - 1; // numpy sets the last one exactly
      return indices;
    }
  };

  /**
   * Frame indices in ascending order.
   *
   * @param frameCount n, the number of frames to choose from, at least 1
   * @param wanted N, at least 1
   * @return indices in [0, n)
   */
  abstract int[] indices(int frameCount, int wanted);
}
