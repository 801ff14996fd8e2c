package io.saccade.video;

/** How far one sampling is: reading the packets is the first part, decoding the second. */
public final class Progress {
  private static final double READING = 0.1;

  private Progress() {}

  public static double reading(double share) {
    return READING * share;
  }

  public static double decoding(long done, long of) {
    return READING + (1 - READING) * Math.min(of == 0 ? 0 : (double) done / of, 1);
  }
}
