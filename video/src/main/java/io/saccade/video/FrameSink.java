package io.saccade.video;

/** Receives the frames of one sample, in ascending order, on the thread that samples. */
public interface FrameSink {

  /** Takes a frame; its buffer belongs to the receiver. What this throws ends the sampling. */
  void accept(SampledFrame frame);

  /**
   * Forget every frame so far; all come again. Frames are handed over while decoding goes on, with
   * indices computed from the number of packets; in a damaged or odd file the decoder may show
   * another number of frames, and only its end tells.
   */
  void restart();

  /**
   * Takes note of how far the sampling is; called now and then, at least before the first frame and
   * after each.
   *
   * @param share 0 to 1; falls only after a {@link #restart}
   */
  default void progress(double share) {}
}
