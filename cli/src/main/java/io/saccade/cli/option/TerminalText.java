package io.saccade.cli.option;

/** Makes text from outside safe to print on a terminal. */
public final class TerminalText {

  private TerminalText() {}

  /**
   * The text on one line: line ends and control characters, which could be commands to the
   * terminal, become spaces.
   */
  public static String oneLine(String text) {
    return text.strip().replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }
}
