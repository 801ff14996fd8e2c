package io.saccade.model.architecture;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The fast pathway: how the tokens of a clip's frames are thinned and averaged to the few that
 * enter the prompt.
 *
 * <p>All that happens along time is a linear map of frames, given by {@link #windows}. The rules
 * are those of the public Slow-Fast Video MLLM code.
 *
 * @param temporalSamplingStride s: with s above 1 only one frame in s is looked at
 * @param temporalStride t: so many consecutive frames are averaged into one
 * @param spatialStride side of the squares of a frame's token grid that are averaged into one,
 *     after time
 * @param minFastFrames m: neither stride reduces the frames below this number (where the clip has
 *     as many)
 */
public record FastPathway(
    int temporalSamplingStride, int temporalStride, int spatialStride, int minFastFrames) {
  /** Every frame as it is. */
  public static final FastPathway EVERY_FRAME = new FastPathway(1, 1, 1, 1);

  /** Checks that all are positive. */
  public FastPathway {
    if (Math.min(
            Math.min(temporalSamplingStride, temporalStride),
            Math.min(spatialStride, minFastFrames))
        < 1) {
      throw new IllegalArgumentException(
          "Strides and frames of the fast pathway must be positive: s=%d t=%d spatial=%d min=%d"
              .formatted(temporalSamplingStride, temporalStride, spatialStride, minFastFrames));
    }
  }

  /**
   * The frames of a clip that feed the fast pathway.
   *
   * @param frames T, the clip's frames, at least 1
   * @return all frames where s is 1 or T is below m, else the k = max(T / s, m) frames floor(i T /
   *     k)
   */
  public List<Integer> frames(int frames) {
    boolean all = temporalSamplingStride == 1 || frames < minFastFrames;
    int kept = all ? frames : Math.max(frames / temporalSamplingStride, minFastFrames);
    return IntStream.range(0, kept).mapToObj(i -> (int) ((long) i * frames / kept)).toList();
  }

  /**
   * The weight of each frame in each fast frame: the matrix [fast frames, T], row by row.
   *
   * @param frames T, the clip's frames, at least 1
   */
  public double[] windows(int frames) {
    List<Integer> sources = frames(frames);
    int rows = groups(sources.size());
    int used = rows * temporalStride <= sources.size() ? rows * temporalStride : sources.size();
    double[] windows = new double[rows * frames];
    for (int row = 0; row < rows; row++) {
      int begin = row * used / rows;
      int end = -Math.floorDiv(-(row + 1) * used, rows);
      for (int source : sources.subList(begin, end)) {
        windows[row * frames + source] = 1.0 / (end - begin);
      }
    }
    return windows;
  }

  /** Fast frames of a clip, the rows of {@link #windows}. */
  public int fastFrames(int frames) {
    return groups(frames(frames).size());
  }

  /** Side of the squares averaged in space: none in an image, a clip of one frame. */
  public int spatialStride(int frames) {
    return frames == 1 ? 1 : spatialStride;
  }

  /** Groups of t frames, a remainder dropped; below m groups, adaptive averages over all frames. */
  private int groups(int sources) {
    if (temporalStride == 1) {
      return sources;
    }
    int groups = sources / temporalStride;
    return groups >= minFastFrames ? groups : Math.min(sources, minFastFrames);
  }
}
