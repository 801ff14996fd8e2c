package io.saccade.proto;

import com.google.protobuf.util.Durations;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Limits of the contract that producers' tools check before the router does. Characters are code
 * points.
 */
public final class Limits {

  /** Most characters of a video's, a question's or a model's id. */
  public static final int ID_CHARS = 200;

  /** Most characters of a standing question's id: with "#" and a clip's id it is a question's. */
  public static final int STANDING_ID_CHARS = 160;

  /** Most characters of a video's URI. */
  public static final int URI_CHARS = 4_096;

  /** Most labels of a video or a selector. */
  public static final int LABELS = 64;

  /** Most characters of a label's name, and of its value. */
  public static final int LABEL_CHARS = 200;

  /** Most characters of an alert's pattern. */
  public static final int PATTERN_CHARS = 200;

  /** Most windows that an alert may wait for. */
  public static final int ALERT_WINDOWS = 1_000;

  /** How long answers of a standing question are of use, at least. */
  public static final Duration LEAST_FRESHNESS = Duration.ofMillis(100);

  /** How long answers of a standing question are of use, at most. */
  public static final Duration MOST_FRESHNESS = Duration.ofHours(1);

  /** How long an alert holds off the next, at most. */
  public static final Duration MOST_HOLD_OFF = Duration.ofDays(1);

  /** How the ids of the questions end that the router makes of windows. */
  private static final Pattern WINDOW_ID = Pattern.compile("#[0-9a-f]{32}$");

  private Limits() {}

  /** Characters as people count them: a surrogate pair is one. */
  public static int characters(String text) {
    return text.codePointCount(0, text.length());
  }

  /** Whether this can be the id of a video or a question, or a model's name. */
  public static boolean isId(String id) {
    return isFilled(id, ID_CHARS);
  }

  /** Whether this can be the id of a standing question. */
  public static boolean isStandingId(String id) {
    return isFilled(id, STANDING_ID_CHARS);
  }

  /** Whether a question's id ends like those that the router makes of windows. */
  public static boolean isWindowId(String id) {
    return WINDOW_ID.matcher(id).find();
  }

  /** Whether this has the length of a URI. */
  public static boolean isUri(String uri) {
    return isFilled(uri, URI_CHARS);
  }

  /**
   * Whether all names and values have the length of labels; how many there are is not looked at.
   */
  public static boolean areLabels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .allMatch(
            label ->
                characters(label.getKey()) <= LABEL_CHARS
                    && characters(label.getValue()) <= LABEL_CHARS);
  }

  /** Whether this has the length of an alert's pattern. */
  public static boolean isPattern(String matches) {
    return !matches.isEmpty() && characters(matches) <= PATTERN_CHARS;
  }

  /** Whether an alert may wait for so many windows; unsigned, 0 stands for 1. */
  public static boolean isMinWindows(int windows) {
    return Integer.compareUnsigned(windows, ALERT_WINDOWS) <= 0;
  }

  /** Whether answers may be of use for so long. */
  public static boolean isFreshness(com.google.protobuf.Duration freshness) {
    return isWithin(freshness, LEAST_FRESHNESS, MOST_FRESHNESS);
  }

  /** Whether an alert may hold off the next for so long. */
  public static boolean isHoldOff(com.google.protobuf.Duration holdOff) {
    return isWithin(holdOff, Duration.ZERO, MOST_HOLD_OFF);
  }

  private static boolean isFilled(String text, int most) {
    return !text.isBlank() && characters(text) <= most;
  }

  private static boolean isWithin(
      com.google.protobuf.Duration duration, Duration least, Duration most) {
    return Durations.isValid(duration)
        && Times.java(duration).compareTo(least) >= 0
        && Times.java(duration).compareTo(most) <= 0;
  }
}
