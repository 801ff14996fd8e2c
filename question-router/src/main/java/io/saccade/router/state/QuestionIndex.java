package io.saccade.router.state;

import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the keys of open questions by due time and by what they wait for, and counts them. To
 * remove a question, pass the state of it that was added.
 *
 * <p>It consists of Java collections, which are rebuilt from the stored questions; see decisions 9
 * and 62 in {@code docs/decisions.md}.
 */
final class QuestionIndex {

  private final NavigableSet<Due> dueTimes =
      new TreeSet<>(Comparator.comparingLong(Due::at).thenComparing(Due::key));

  /** Question keys by wait key (see {@link #waitKey}) followed by the question's key. */
  private final NavigableMap<String, String> waits = new TreeMap<>();

  private final Map<String, Integer> requested = new HashMap<>();
  private final NavigableSet<String> standing = new TreeSet<>();

  /** When the question of this key is due, in milliseconds since the epoch. */
  private record Due(long at, String key) {}

  void add(String key, OpenQuestion question) {
    dueTimes.add(new Due(question.getWakeAt(), key));
    waitKey(question).ifPresent(wait -> waits.put(wait + key, key));
    if (StandingQuestions.isWindowQuestion(question)) {
      standing.add(key);
    }
    count(question, 1);
  }

  void remove(String key, OpenQuestion question) {
    dueTimes.remove(new Due(question.getWakeAt(), key));
    waitKey(question).ifPresent(wait -> waits.remove(wait + key));
    standing.remove(key);
    count(question, -1);
  }

  /** Number of open on-demand questions. */
  int asked() {
    return dueTimes.size() - standing.size();
  }

  /** Questions that standing questions ask about windows. */
  List<String> standing() {
    return List.copyOf(standing);
  }

  /** Number of open questions. */
  int size() {
    return dueTimes.size();
  }

  /** Number of questions that wait for their video, their model, their clip or a window. */
  int parked() {
    return waits.size();
  }

  /** Number of questions about a video whose inference request is unanswered. */
  int requested(String videoId) {
    return requested.getOrDefault(videoId, 0);
  }

  /** Questions whose due time is at most {@code now}, the earliest first. */
  List<String> due(long now) {
    List<String> due = new ArrayList<>();
    for (Due next : dueTimes) {
      if (next.at() > now) {
        break;
      }
      due.add(next.key());
    }
    return due;
  }

  /** All questions that wait for the record of their video or model. */
  List<String> unsettled() {
    return waiting("u");
  }

  /**
   * Questions about one video that wait for its record or their model's.
   *
   * @param videoPrefix the prefix of the video's keys, {@link Keys#video}
   */
  List<String> unsettled(String videoPrefix) {
    return waiting("u" + videoPrefix);
  }

  /** Questions that wait for a clip. */
  List<String> parkedOn(String clipId) {
    return waiting("c" + clipId);
  }

  /**
   * Questions that wait for a window.
   *
   * @param feeds a feed's key ({@link Keys#feed}), the prefix of a video's keys for all profiles,
   *     or empty for all feeds
   */
  List<String> awaitingWindow(String feeds) {
    return waiting("w" + feeds);
  }

  private List<String> waiting(String prefix) {
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, String> wait : waits.tailMap(prefix).entrySet()) {
      if (!wait.getKey().startsWith(prefix)) {
        break;
      }
      found.add(wait.getValue());
    }
    return found;
  }

  private void count(OpenQuestion question, int change) {
    if (question.getState() == QuestionState.REQUESTED) {
      requested.merge(question.getQuestion().getVideoId(), change, QuestionIndex::sumOrAbsent);
    }
  }

  /** Null, which removes the entry, instead of zero. */
  private static @Nullable Integer sumOrAbsent(int before, int change) {
    return before + change == 0 ? null : before + change;
  }

  /** What a question waits for: a letter for the kind, then the clip or the feed. */
  private static Optional<String> waitKey(OpenQuestion question) {
    return switch (question.getState()) {
      case UNSETTLED -> Optional.of("u");
      case WAITING_CLIP -> Optional.of("c" + question.getClip().getClipId());
      case WAITING_WINDOW ->
          Optional.of(
              "w" + Keys.feed(question.getClip().getVideoId(), question.getClip().getProfile()));
      default -> Optional.empty();
    };
  }
}
