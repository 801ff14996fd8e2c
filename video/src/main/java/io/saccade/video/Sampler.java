package io.saccade.video;

import java.util.function.BooleanSupplier;

/** Takes exact frames from video files. */
@FunctionalInterface
public interface Sampler {

  /**
   * Samples a file. Blocks until the sample is complete and calls the sink on this thread.
   *
   * @param file a regular file, opened by exactly this name; for an untrusted reference see {@code
   *     access.VideoAccess}
   * @param spec which frames to take and how to resize them
   * @param sink receives each distinct frame once, in order, after its last {@link
   *     FrameSink#restart}
   * @param cancelled polled often, also on other threads; true ends the sampling, and so does an
   *     interrupt of this thread, whose interrupt flag stays set
   * @return the facts that decoding found out about the video
   * @throws VideoException if the video cannot be sampled; frames that the sink has received are
   *     then invalid
   */
  SourceFacts sample(VideoFile file, SampleSpec spec, FrameSink sink, BooleanSupplier cancelled)
      throws VideoException;
}
