package io.saccade.video.feed;

import io.saccade.video.VideoException;

/** Where the bytes of a live source come from. */
public interface LiveFeed {

  /**
   * Brings the bytes until the source ends; checks each host before it is spoken to. Blocks in the
   * network.
   *
   * @throws VideoException if they end for another reason
   * @throws java.io.UncheckedIOException if the outlet's decoder has gone
   */
  void run(FeedOutlet out) throws VideoException;

  /** Makes {@link #run} end at once, also one that has not begun; called by another thread. */
  void abort();

  /** Whether the source waits for a reader that cannot keep up. */
  boolean waits();

  /** Whether the source is live but its bytes come in bursts, so that its frames are to be held. */
  default boolean bursts() {
    return false;
  }
}
