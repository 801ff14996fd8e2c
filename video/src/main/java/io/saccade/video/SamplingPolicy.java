package io.saccade.video;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Selects N of a video's n frames. */
public sealed interface SamplingPolicy {
  /** The policy {@link Uniform}. */
  SamplingPolicy UNIFORM = new Uniform();

  /**
   * Computes the indices of the frames to take, in ascending order; the same index may repeat.
   *
   * @param frameCount n, the number of frames to choose from, at least 1
   * @param frameRate frames per second of the video, positive
   * @param wanted N, at least 1
   * @return at least one and at most N indices in [0, n)
   */
  int[] indices(int frameCount, double frameRate, int wanted);

  /**
   * Parses a policy: {@code uniform}, {@code fps:2} or {@code fps-first:1}.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  static SamplingPolicy parse(String text) {
    if (text.equals("uniform")) {
      return UNIFORM;
    }
    Matcher rated = Pattern.compile("(fps|fps-first):([0-9]{1,4}(?:\\.[0-9]{1,6})?)").matcher(text);
    if (!rated.matches()) {
      throw new IllegalArgumentException(
          "policy = %s is none of uniform, fps:NUMBER, fps-first:NUMBER".formatted(text));
    }
    double fps = Double.parseDouble(rated.group(2));
    return rated.group(1).equals("fps") ? new Fps(fps) : new FpsFirst(fps);
  }

  /**
   * {@code int(linspace(0, n-1, N))} as numpy computes it: always N indices, repeated where n is
   * smaller than N.
   */
  record Uniform() implements SamplingPolicy {
    @Override
    public int[] indices(int frameCount, double frameRate, int wanted) {
      int[] indices = new int[wanted];
      if (wanted == 1) {
        return indices;
      }
      double step = (frameCount - 1) / (double) (wanted - 1);
      Arrays.setAll(indices, i -> (int) (i * step));
      indices[wanted - 1] = frameCount - 1; // numpy sets the last one exactly
      return indices;
    }

    @Override
    public String toString() {
      return "uniform";
    }
  }

  /**
   * The evaluation rule of Slow-Fast Video MLLM: candidates are every {@code round(rate / fps)}-th
   * frame; of more than N candidates, number {@code round((i + 1) * count / N - 1)} is taken.
   * Halves are rounded to even, as Python does. Short videos give fewer than N frames.
   *
   * @param fps candidates per second, positive
   */
  record Fps(double fps) implements SamplingPolicy {
    /** Checks the rate. */
    public Fps {
      requirePositive(fps);
    }

    @Override
    public int[] indices(int frameCount, double frameRate, int wanted) {
      int[] candidates = candidates(frameCount, frameRate, fps);
      if (candidates.length < wanted) {
        return candidates;
      }
      double scale = candidates.length / (double) wanted;
      int[] indices = new int[wanted];
      Arrays.setAll(indices, i -> candidates[(int) Math.rint((i + 1) * scale - 1)]);
      return indices;
    }

    @Override
    public String toString() {
      return "fps:" + fps;
    }
  }

  /**
   * The rule of SlowFast-LLaVA-1.5: one frame every {@code 1 / fps} seconds, or {@link Uniform} if
   * that would be more than N. Short videos give fewer than N frames.
   *
   * @param fps frames per second, positive
   */
  record FpsFirst(double fps) implements SamplingPolicy {
    /** Checks the rate. */
    public FpsFirst {
      requirePositive(fps);
    }

    @Override
    public int[] indices(int frameCount, double frameRate, int wanted) {
      int[] candidates = candidates(frameCount, frameRate, fps);
      return candidates.length <= wanted
          ? candidates
          : UNIFORM.indices(frameCount, frameRate, wanted);
    }

    @Override
    public String toString() {
      return "fps-first:" + fps;
    }
  }

  private static int[] candidates(int frameCount, double frameRate, double fps) {
    int step = (int) Math.max(Math.rint(frameRate / fps), 1);
    int[] candidates = new int[(frameCount - 1) / step + 1];
    Arrays.setAll(candidates, i -> i * step);
    return candidates;
  }

  private static void requirePositive(double fps) {
    if (!(fps > 0 && fps < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("fps = %s is not a positive number".formatted(fps));
    }
  }
}
