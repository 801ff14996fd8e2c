package io.saccade.cli.option;

/** Text from outside, made fit for a terminal. */
public final class TerminalText {

  private TerminalText() {}

  /** On one line, with control characters (which could steer the terminal) as spaces. */
  public static String oneLine(String text) {
    return text.strip().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }
}
