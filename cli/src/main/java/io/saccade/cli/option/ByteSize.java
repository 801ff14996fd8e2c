package io.saccade.cli.option;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 8GiB}, {@code 512MB}, {@code 1048576}.
 *
 * @param bytes at least 0
 */
public record ByteSize(long bytes) {

  private static final Pattern FORM =
      Pattern.compile("(\\d{1,15})\\s*(?:([kmgt]?)(i?)b?)", Pattern.CASE_INSENSITIVE);
  private static final String UNITS = "kmgt";

  /**
   * Parses a size. {@code KiB} is 1,024 bytes, {@code KB} 1,000.
   *
   * @throws IllegalArgumentException if the text is not a size
   */
  public static ByteSize parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (form.matches()) {
      String unit = form.group(2).toLowerCase(Locale.ROOT);
      long base = form.group(3).isEmpty() ? 1_000 : 1_024;
      try {
        return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), power(base, unit)));
      } catch (ArithmeticException e) {
        throw unreadable(text, e);
      }
    }
    throw unreadable(text, null);
  }

  private static long power(long base, String unit) {
    long factor = 1;
    for (int i = 0; !unit.isEmpty() && i <= UNITS.indexOf(unit); i++) {
      factor *= base;
    }
    return factor;
  }

  private static IllegalArgumentException unreadable(String text, Exception cause) {
    return new IllegalArgumentException(
        "'" + text + "' is not a number of bytes; write for example 8GiB, 512MB or 1048576", cause);
  }
}
