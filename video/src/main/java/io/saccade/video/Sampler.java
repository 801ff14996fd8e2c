package io.saccade.video;

import java.util.function.BooleanSupplier;

/** Takes exact frames out of video files. */
@FunctionalInterface
public interface Sampler {

  /**
   * Samples a file. Blocks until done; frames go to the sink meanwhile, on this thread.
   *
   * @param file a regular file, opened by exactly this name; for a stranger's reference see {@link
   *     VideoAccess#open}
   * @param spec what to take
   * @param sink receives each distinct frame once, in order, after its last {@link
   *     FrameSink#restart}
   * @param cancelled asked often, also from other threads; true ends the sampling, and so does an
   *     interrupt of this thread, whose flag stays set
   * @return what became known about the video
   * @throws VideoException if the video gives no sample; frames that the sink has are void then
   */
  SourceFacts sample(VideoFile file, SampleSpec spec, FrameSink sink, BooleanSupplier cancelled)
      throws VideoException;
}
