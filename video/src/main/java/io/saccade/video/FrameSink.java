package io.saccade.video;

/**
 * Receives the frames of one sample, in ascending order, on the thread that called {@link
 * Sampler#sample}.
 */
public interface FrameSink {

  /**
   * Receives a frame and the ownership of its buffer. An exception thrown here ends the sampling
   * and reaches its caller.
   */
  void accept(SampledFrame frame);

  /**
   * Discards every frame received so far; the sample starts again from its first frame. Frames are
   * passed on while decoding continues, with indices computed from the number of packets. If the
   * decoder turns out to show another number of frames, as in damaged or irregular files, those
   * indices were wrong.
   */
  void restart();

  /**
   * Reports how far the sampling is; called at least before the first frame and after each frame.
   *
   * @param share 0 to 1; falls only after a {@link #restart}
   */
  default void progress(double share) {}
}
