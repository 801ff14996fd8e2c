package io.saccade.cli.local;

import io.saccade.video.FrameSink;
import io.saccade.video.SampledFrame;

/** Drops every frame: for a sampling of which only the facts or the time are wanted. */
public final class DiscardedFrames implements FrameSink {

  @Override
  public void accept(SampledFrame frame) {}

  @Override
  public void restart() {}
}
