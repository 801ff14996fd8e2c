package io.saccade.model.architecture.slowfastqwen2;

import io.saccade.model.architecture.Arrangement;
import io.saccade.model.architecture.FastPathway;

/**
 * All frames' tokens, pooled, are slow tokens; the fast pathway thins them for the prompt. An
 * image, which is a clip of one frame, is not pooled.
 *
 * @param slowStride side of the squares of a frame's token grid that are averaged into one slow
 *     token, in clips
 * @param fastPathway how frames become fast tokens
 */
record SlowFastArrangement(int slowStride, FastPathway fastPathway) implements Arrangement {

  @Override
  public int pooling(int frames) {
    return frames == 1 ? 1 : slowStride;
  }

  @Override
  public int fastFrames(int frames) {
    return fastPathway.fastFrames(frames);
  }

  @Override
  public double[] windows(int frames) {
    return fastPathway.windows(frames);
  }

  @Override
  public int fastPooling(int frames) {
    return fastPathway.spatialStride(frames);
  }
}
