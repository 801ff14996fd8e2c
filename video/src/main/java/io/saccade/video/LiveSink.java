package io.saccade.video;

import java.time.Duration;

/** Stub. */
public interface LiveSink {
  /** Stub. */
  void session(SourceFacts facts);

  /** Stub. */
  void frame(LiveFrame frame);

  /** Stub. */
  void progress(Duration pts);

  /** Stub. */
  void stalled();
}
