package io.saccade.cli.option;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 12s}, {@code 1m30s}, {@code 500ms}, {@code 1h}, {@code
 * 00:01:30.5}, {@code PT12S}, or seconds as {@code 12} or {@code 12.5}.
 */
public final class Durations {

  private static final Pattern UNITS =
      Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+(?:\\.\\d{1,9})?)s)?(?:(\\d+)ms)?");
  private static final Pattern CLOCK =
      Pattern.compile("(?:(\\d+):)?(\\d{1,2}):(\\d{1,2}(?:\\.\\d{1,9})?)");
  private static final Pattern SECONDS = Pattern.compile("\\d+(?:\\.\\d{1,9})?");

  private Durations() {}

  /**
   * Parses a duration of at least 0.
   *
   * @throws IllegalArgumentException if the text is not a duration
   */
  public static Duration parse(String text) {
    try {
      Duration duration = read(text.strip().toLowerCase(Locale.ROOT));
      if (duration != null && !duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw unreadable(text, e);
    }
    throw unreadable(text, null);
  }

  private static Duration read(String text) {
    if (text.startsWith("pt")) {
      return Duration.parse(text);
    }
    if (SECONDS.matcher(text).matches()) {
      return seconds(text);
    }
    Matcher clock = CLOCK.matcher(text);
    if (clock.matches()) {
      return sum(clock.group(1), clock.group(2), clock.group(3), null);
    }
    Matcher units = UNITS.matcher(text);
    if (!text.isEmpty() && units.matches()) {
      return sum(units.group(1), units.group(2), units.group(3), units.group(4));
    }
    return null;
  }

  private static Duration sum(String hours, String minutes, String seconds, String millis) {
    return Duration.ofHours(whole(hours))
        .plusMinutes(whole(minutes))
        .plus(seconds == null ? Duration.ZERO : seconds(seconds))
        .plusMillis(whole(millis));
  }

  private static long whole(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static Duration seconds(String number) {
    return Duration.parse("PT" + number + "S");
  }

  private static IllegalArgumentException unreadable(String text, Exception cause) {
    return new IllegalArgumentException(
        "'" + text + "' is not a duration; write for example 12s, 1m30s, 500ms or 00:01:30", cause);
  }
}
