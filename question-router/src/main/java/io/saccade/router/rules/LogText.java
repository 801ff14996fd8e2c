package io.saccade.router.rules;

/** Strings from outside: cut, and made fit for a log line. */
public final class LogText {

  private static final int LOGGED_CHARS = 200;

  private LogText() {}

  /** The first {@code most} UTF-16 units, one fewer where that would split a surrogate pair. */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, splits ? most - 1 : most);
  }

  /** One short line without control characters, so that nobody forges log lines with an id. */
  public static String logged(String text) {
    return cut(text, LOGGED_CHARS).replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
  }
}
