package io.saccade.video;

import java.util.function.BooleanSupplier;

/** Stub. */
public interface LiveReader extends AutoCloseable {
  /** Stub. */
  void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier cancelled)
      throws VideoException;

  @Override
  void close();
}
