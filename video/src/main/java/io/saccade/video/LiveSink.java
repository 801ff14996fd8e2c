package io.saccade.video;

import java.time.Duration;

/**
 * Receives a live video. Called from the thread of {@link LiveReader#follow} only; while it blocks,
 * the source goes on, and what does not fit is dropped in whole groups of pictures.
 */
public interface LiveSink {

  /**
   * A session begins, a stretch whose presentation times run on: with the first frame after
   * connecting, after a stall, after something was left out or the source says that it begins anew,
   * with a presentation time far from the last one, or with another size. Its first frame follows,
   * or only {@link #progress} if that one is damaged.
   *
   * @param facts what is known at its first frame: shape, container, codec and {@code firstPts} on
   *     the source's own clock; numbers and durations are 0
   */
  void session(SourceFacts facts);

  /** The first sound frame at or after a tick, a multiple of {@link LiveSpec#step}. */
  void frame(LiveFrame frame);

  /**
   * A frame was decoded, taken or not; a taken one has been given to {@link #frame} before.
   *
   * @param pts its presentation time since the session's first frame; ascending in a session
   */
  void progress(Duration pts);

  /** There was no frame for {@link LiveSpec#stall}; once until the next session begins. */
  void stalled();
}
