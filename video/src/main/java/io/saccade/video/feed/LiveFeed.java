package io.saccade.video.feed;

import io.saccade.video.VideoException;

/**
 * A source of the bytes of a live video. Public for the packages {@code rtsp} and {@code live}
 * only.
 */
public interface LiveFeed {

  /**
   * Writes the bytes to {@code out} until the source ends. Every host is checked before it is
   * connected to. Blocks in network calls.
   *
   * @throws VideoException if the bytes end for another reason than the end of the source
   * @throws java.io.UncheckedIOException if the decoder has ended
   */
  void run(DecoderChannel out) throws VideoException;

  /** Makes {@link #run} end at once, also a run that starts later; called from another thread. */
  void abort();

  /** Whether the source waits for a reader that cannot keep up (backpressure). */
  boolean waits();

  /**
   * Whether the source is live but its bytes arrive in bursts, so that frames have to be held until
   * their time.
   */
  default boolean bursts() {
    return false;
  }
}
