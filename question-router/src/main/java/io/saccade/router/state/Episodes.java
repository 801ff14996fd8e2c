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
 * When the answers of a standing question about one feed begin and end an episode. Windows are
 * taken in their order: one that is answered after a newer one counts like a skipped one, that is
 * not at all, and neither begins, prolongs nor ends anything.
 */
final class Episodes {

  private Episodes() {}

  /**
   * What a window's answer makes of an episode.
   *
   * @param alert whether the answer began it
   */
  record Step(Episode episode, boolean alert) {}

  /**
   * Takes a window's answer.
   *
   * @param before of the rule, and nothing more for the first
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
    // It counts no further than it has to: a feed may match for years.
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
   * Whether no window was seen for longer than the hold-off before this one begins: then the
   * episode ended unseen. Without a hold-off only a window that does not match ends it.
   */
  private static boolean isSilent(Timestamp matchedEnd, AlertRule rule, Window window) {
    return Durations.isPositive(rule.getHoldOff())
        && !isAtLeast(rule.getHoldOff(), Timestamps.between(matchedEnd, window.getBegin()));
  }

  private static boolean isAtLeast(Duration duration, Duration least) {
    return Durations.compare(duration, least) >= 0;
  }
}
