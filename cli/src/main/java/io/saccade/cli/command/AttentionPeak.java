package io.saccade.cli.command;

import io.saccade.proto.Times;
import io.saccade.proto.v1.LookedAt;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the part of a clip that had most of the model's attention. */
final class AttentionPeak {

  /** The least share of the attention that the part must have. */
  private static final double SHARE = 0.5;

  /** The part must have at most one of this many of the clip's frames; a longer one says little. */
  private static final int FRACTION = 3;

  private AttentionPeak() {}

  /**
   * The shortest part of the clip that had half of the attention.
   *
   * @param moments one for each frame, in the clip's order
   * @return for example {@code looked most at 3.0 s to 4.5 s (62 %)}; empty if the part is longer
   *     than a third of the clip
   */
  static Optional<String> of(List<LookedAt> moments) {
    for (int length = 1; length * FRACTION <= moments.size(); length++) {
      int begin = best(moments, length);
      double share = share(moments, begin, length);
      if (share >= SHARE) {
        return Optional.of(sentence(moments, begin, begin + length - 1, share));
      }
    }
    return Optional.empty();
  }

  private static int best(List<LookedAt> moments, int length) {
    int best = 0;
    for (int begin = 1; begin + length <= moments.size(); begin++) {
      if (share(moments, begin, length) > share(moments, best, length)) {
        best = begin;
      }
    }
    return best;
  }

  private static double share(List<LookedAt> moments, int begin, int length) {
    return moments.subList(begin, begin + length).stream().mapToDouble(LookedAt::getShare).sum();
  }

  private static String sentence(List<LookedAt> moments, int first, int last, double share) {
    double from = seconds(moments.get(first));
    double to = seconds(moments.get(last));
    return first == last
        ? String.format(Locale.ROOT, "looked most at %.1f s (%.0f %%)", from, share * 100)
        : String.format(
            Locale.ROOT, "looked most at %.1f s to %.1f s (%.0f %%)", from, to, share * 100);
  }

  private static double seconds(LookedAt moment) {
    return Times.java(moment.getPts()).toMillis() / 1e3;
  }
}
