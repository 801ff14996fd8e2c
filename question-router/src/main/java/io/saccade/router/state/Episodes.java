package io.saccade.router.state;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import io.saccade.proto.v1.AlertRule;
import io.saccade.proto.v1.Window;
import io.saccade.router.rules.WindowOrder;
import io.saccade.router.v1.Episode;

/**
 * The state machine of alert episodes: which answers of a standing question about one feed begin
 * and end an episode. An episode begins with the {@code min_windows}th match in a row, and ends
 * with a window that does not match once the hold-off has passed since the last match. Windows are
 * taken in their order; the answer about a window that is older than the last one changes nothing,
 * like a skipped window.
 */
final class Episodes {

  private Episodes() {}

  /**
   * An episode after a window's answer.
   *
   * @param alert whether this answer began the episode and so raises an alert
   */
  record Step(Episode episode, boolean alert) {}

  /**
   * The episode after one more answer.
   *
   * @param before the episode so far; before the first answer, one with the rule only
   * @param matches whether the rule's pattern was found
   */
  static Step next(Episode before, Window window, boolean matches) {
    if (before.hasLast() && !WindowOrder.isNewer(window, before.getLast())) {
      return new Step(before, false);
    }
    Episode.Builder episode = before.toBuilder().setLast(window);
    return matches ? matched(episode, window) : unmatched(episode, window);
  }

  private static Step matched(Episode.Builder episode, Window window) {
    AlertRule rule = episode.getRule();
    if (episode.getLasts() && isSilent(episode.getMatchedEnd(), rule, window)) {
      episode.setLasts(false).setMatched(0);
    }
    int least = Math.max(1, rule.getMinWindows());
    // The count stops at min_windows; it cannot overflow.
    int matched = Math.min(least, episode.getMatched() + 1);
    boolean alert = !episode.getLasts() && matched == least;
    episode.setMatched(matched).setMatchedEnd(window.getEnd());
    return new Step(episode.setLasts(alert || episode.getLasts()).build(), alert);
  }

  private static Step unmatched(Episode.Builder episode, Window window) {
    AlertRule rule = episode.getRule();
    Timestamp end = episode.getMatchedEnd();
    boolean over = isAtLeast(Timestamps.between(end, window.getEnd()), rule.getHoldOff());
    return new Step(episode.setMatched(0).setLasts(episode.getLasts() && !over).build(), false);
  }

  /**
   * Whether more than the hold-off lies between the last match and the begin of this window, which
   * ends the episode although no window without a match was answered. Without a hold-off only a
   * window that does not match ends it.
   */
  private static boolean isSilent(Timestamp matchedEnd, AlertRule rule, Window window) {
    return Durations.isPositive(rule.getHoldOff())
        && !isAtLeast(rule.getHoldOff(), Timestamps.between(matchedEnd, window.getBegin()));
  }

  private static boolean isAtLeast(Duration duration, Duration least) {
    return Durations.compare(duration, least) >= 0;
  }
}
