package io.saccade.model.weights;

/** Told how far the writing of a checkpoint is, by one thread. */
@FunctionalInterface
public interface CheckpointProgress {

  /**
   * A tensor is written.
   *
   * @param tensor its name
   * @param bytes written so far
   * @param totalBytes to be written in all
   */
  void written(String tensor, long bytes, long totalBytes);
}
