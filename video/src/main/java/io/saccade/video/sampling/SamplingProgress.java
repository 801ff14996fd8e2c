package io.saccade.video.sampling;

/**
 * Computes the progress of one sampling, 0 to 1: reading the packets is the first tenth, decoding
 * the rest.
 */
final class SamplingProgress {
  private static final double READING = 0.1;

  private SamplingProgress() {}

  /**
   * The progress while packets are read.
   *
   * @param share the share of the file's bytes that has been read, 0 to 1
   */
  static double reading(double share) {
    return READING * share;
  }

  /** The progress once {@code done} of {@code total} packets or frames have been decoded. */
  static double decoding(long done, long total) {
    return READING + (1 - READING) * Math.min(total == 0 ? 0 : (double) done / total, 1);
  }
}
