package io.saccade.video;

import java.time.Duration;

/**
 * Receives a live video. All methods are called on the thread of {@link LiveReader#follow}. A
 * source does not wait for a sink that blocks: once the queue before the decoder is full, whole
 * groups of pictures are dropped.
 */
public interface LiveSink {

  /**
   * A session begins: a stretch of frames whose presentation times are continuous. A new one begins
   * with the first frame after connecting, after a stall, after dropped packets, after a
   * discontinuity that the source signals, with a presentation time far from the last one, or with
   * another frame size. The session's first frame follows, or only {@link #progress} if it is
   * damaged.
   *
   * @param facts what is known at the first frame: shape, container, codec and {@code firstPts} on
   *     the source's own clock; counts and durations are 0
   */
  void session(SourceFacts facts);

  /**
   * Receives the first undamaged frame at or after a tick; ticks are the multiples of {@link
   * LiveSpec#step}.
   */
  void frame(LiveFrame frame);

  /**
   * A frame was decoded. If it is a frame for a tick, {@link #frame} was called before.
   *
   * @param pts its presentation time since the session's first frame; ascending within a session
   */
  void progress(Duration pts);

  /** No frame came for {@link LiveSpec#stall}; called once before the next session begins. */
  void stalled();
}
