package io.saccade.model.architecture;

/**
 * How the projected tokens of a clip's frames reach the decoder: what is pooled, what goes into the
 * prompt, and what hybrid layers attend to.
 *
 * <p>First each frame's grid of tokens is pooled ({@link #pooling}). The prompt then gets the fast
 * tokens: frames averaged along time as {@link #windows} says, each pooled once more by {@link
 * #fastPooling}. Hybrid layers attend to the slow tokens, which are all pooled tokens of all
 * frames; a decoder without such layers has none.
 */
public interface Arrangement {

  /** Side of the squares of a frame's token grid that are averaged into one, 1 for none. */
  int pooling(int frames);

  /** Fast frames of a clip, the rows of {@link #windows}. */
  int fastFrames(int frames);

  /**
   * The weight of each frame of a clip in each fast frame: the matrix [fast frames, T], row by row.
   */
  double[] windows(int frames);

  /** Side of the squares of a fast frame's pooled grid that are averaged into one, 1 for none. */
  int fastPooling(int frames);

  /** Which frames of a clip feed the prompt, as samplers are told; by default all. */
  default FastPathway fastPathway() {
    return FastPathway.EVERY_FRAME;
  }

  /**
   * Side of a frame's grid after pooling.
   *
   * @param grid side of the tower's grid
   */
  default int pooledGrid(int frames, int grid) {
    return grid / pooling(frames);
  }

  /** Fast tokens of a clip, F. */
  default int fastTokens(int frames, int grid) {
    int side = pooledGrid(frames, grid) / fastPooling(frames);
    return fastFrames(frames) * side * side;
  }
}
