package io.saccade.video;

import java.util.function.BooleanSupplier;

/** Follows live videos. Thread-safe: each call follows one source on its caller's thread. */
public interface LiveReader extends AutoCloseable {

  /**
   * Follows a source until its end: a file ends after its last frame, an HLS playlist after the
   * segment that it marks as the last. Blocks until then and calls the sink on this thread.
   *
   * @param cancelled polled several times a second on this thread; true ends the call, and so does
   *     an interrupt of the thread, whose interrupt flag stays set
   * @throws VideoException CANCELLED, or the reason why no more frames follow; {@link
   *     VideoException#isPassing()} says whether another attempt may help
   */
  void follow(LiveSource source, LiveSpec spec, LiveSink sink, BooleanSupplier cancelled)
      throws VideoException;

  /**
   * Frees what the reader keeps between calls; a call in progress frees its own resources when it
   * ends.
   */
  @Override
  void close();
}
