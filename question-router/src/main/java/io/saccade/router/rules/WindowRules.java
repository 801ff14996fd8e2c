package io.saccade.router.rules;

import com.google.protobuf.util.Timestamps;
import io.saccade.proto.v1.Window;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What makes a window one whose place among the others of its feed is known. */
final class WindowRules {

  /** How far a sampler's clock may be ahead: a window from the future would hide all others. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final Pattern SESSION = Pattern.compile("[0-9a-f]{32}");

  private WindowRules() {}

  /**
   * What is wrong with a window, or nothing.
   *
   * @param now milliseconds since the epoch
   */
  static Optional<String> problem(Window window, long now) {
    if (!SESSION.matcher(window.getSession()).matches()) {
      return Optional.of("window.session must be 32 lower-case hexadecimal digits");
    }
    if (!Timestamps.isValid(window.getBegin())
        || !Timestamps.isValid(window.getEnd())
        || Timestamps.compare(window.getBegin(), window.getEnd()) > 0) {
      return Optional.of("window.begin and window.end must be moments, in this order");
    }
    if (WindowOrder.end(window) > now + SKEW.toMillis()) {
      return Optional.of("window.end lies in the future: set the sampler's clock");
    }
    return TimeRules.problem(window.getStream()).map(problem -> "window.stream: " + problem);
  }
}
