package io.saccade.video;

import java.util.ArrayList;
import java.util.List;

/** Keeps the frames of a sample. */
public final class CollectingSink implements FrameSink {
  private final List<SampledFrame> frames = new ArrayList<>();
  private int restarts;

  @Override
  public void accept(SampledFrame frame) {
    frames.add(frame);
  }

  @Override
  public void restart() {
    frames.clear();
    restarts++;
  }

  public List<SampledFrame> frames() {
    return frames;
  }

  public int restarts() {
    return restarts;
  }
}
