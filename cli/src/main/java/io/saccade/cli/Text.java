package io.saccade.cli;

/** Text from outside, made fit for a terminal. */
final class Text {

  private Text() {}

  /** On one line, with control characters (which could steer the terminal) as spaces. */
  static String oneLine(String text) {
    return text.strip().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }
}
