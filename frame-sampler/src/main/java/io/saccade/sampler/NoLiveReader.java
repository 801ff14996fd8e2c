package io.saccade.sampler;

import io.saccade.video.*;
import java.util.function.BooleanSupplier;

/** Stub. */
final class NoLiveReader implements LiveReader {
  @Override
  public void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier cancelled)
      throws VideoException {
    throw new VideoException(VideoException.Category.UNSUPPORTED, "stub");
  }

  @Override
  public void close() {}
}
