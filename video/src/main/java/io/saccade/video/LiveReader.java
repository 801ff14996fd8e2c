package io.saccade.video;

import java.util.function.BooleanSupplier;

/** Follows live videos. Thread-safe: each call follows one source on its caller's thread. */
public interface LiveReader extends AutoCloseable {

  /**
   * Follows a source until it ends by itself: a file after its last frame, an HLS playlist after
   * the segment that it marks as the last. Frames go to the sink meanwhile, on this thread.
   *
   * @param cancelled asked several times a second, from this thread; true ends it, and so does an
   *     interrupt of the thread, whose flag stays set
   * @throws VideoException CANCELLED, or why there are no more frames; {@link
   *     VideoException#isPassing()} says whether another attempt may help
   */
  void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier cancelled)
      throws VideoException;

  /** Frees what the reader keeps between calls; those under way end theirs when they are done. */
  @Override
  void close();
}
