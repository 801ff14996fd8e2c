package io.saccade.router.rules;

/**
 * Cuts untrusted strings and escapes them for log lines. Public for the package {@code flow} only.
 */
public final class LogText {

  private static final int LOGGED_CHARS = 200;

  private LogText() {}

  /**
   * The first {@code most} UTF-16 code units, one fewer where the cut would split a surrogate pair.
   */
  public static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(most - 1));
    return text.substring(0, splits ? most - 1 : most);
  }

  /**
   * The first 200 characters with control characters and line separators replaced by {@code ?}, so
   * that an id cannot forge log lines.
   */
  public static String logged(String text) {
    return cut(text, LOGGED_CHARS).replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]", "?");
  }
}
