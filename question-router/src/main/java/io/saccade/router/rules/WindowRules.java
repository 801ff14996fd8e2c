package io.saccade.router.rules;

import com.google.protobuf.util.Timestamps;
import io.saccade.proto.v1.Window;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Validates windows: their session and times, which order the windows of a feed. */
final class WindowRules {

  /**
   * How far a sampler's clock may be ahead. A window that ends far in the future would make all
   * later windows count as outdated.
   */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private static final Pattern SESSION = Pattern.compile("[0-9a-f]{32}");

  private WindowRules() {}

  /**
   * The first rule that a window breaks; empty if it is valid.
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
