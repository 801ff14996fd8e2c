package io.saccade.cli.local;

import io.saccade.video.FrameSink;
import io.saccade.video.SampledFrame;

/** Discards every frame, for samplings of which only the facts or the time are needed. */
public final class DiscardedFrames implements FrameSink {

  @Override
  public void accept(SampledFrame frame) {}

  @Override
  public void restart() {}
}
