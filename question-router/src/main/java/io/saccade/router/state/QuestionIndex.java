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

/**
 * Finds open questions by when to look at them again and by what they wait for, and counts them. It
 * knows the questions' keys alone, and forgets nothing by itself: what was added has to be removed
 * as it was.
 */
final class QuestionIndex {

  private final NavigableSet<Wake> wakes =
      new TreeSet<>(Comparator.comparingLong(Wake::at).thenComparing(Wake::key));

  /** Keys by what the question waits for, then by key. */
  private final NavigableMap<String, String> waits = new TreeMap<>();

  private final Map<String, Integer> requested = new HashMap<>();
  private final NavigableSet<String> standing = new TreeSet<>();

  /** When to look at the question of this key; milliseconds since the epoch. */
  private record Wake(long at, String key) {}

  void add(String key, OpenQuestion question) {
    wakes.add(new Wake(question.getWakeAt(), key));
    wait(question).ifPresent(wait -> waits.put(wait + key, key));
    if (OpenQuestions.isStanding(question)) {
      standing.add(key);
    }
    count(question, 1);
  }

  void remove(String key, OpenQuestion question) {
    wakes.remove(new Wake(question.getWakeAt(), key));
    wait(question).ifPresent(wait -> waits.remove(wait + key));
    standing.remove(key);
    count(question, -1);
  }

  /** How many questions that somebody asked are open; windows of standing ones are not counted. */
  int asked() {
    return wakes.size() - standing.size();
  }

  /** Questions about windows of standing ones. */
  List<String> standing() {
    return List.copyOf(standing);
  }

  /** How many questions are open. */
  int size() {
    return wakes.size();
  }

  /** How many questions wait for something but a worker. */
  int parked() {
    return waits.size();
  }

  /** How many questions about a video are at the workers. */
  int requested(String videoId) {
    return requested.getOrDefault(videoId, 0);
  }

  /** Questions to look at again by now, the longest due first. */
  List<String> due(long now) {
    List<String> due = new ArrayList<>();
    for (Wake wake : wakes) {
      if (wake.at() > now) {
        break;
      }
      due.add(wake.key());
    }
    return due;
  }

  /** All questions that wait for their video's or model's record. */
  List<String> unsettled() {
    return waiting("u");
  }

  /** Those of a video, by the part of their keys that is the video's alone. */
  List<String> unsettled(String videoPart) {
    return waiting("u" + videoPart);
  }

  /** Questions that wait for a clip. */
  List<String> parkedOn(String clipId) {
    return waiting("c" + clipId);
  }

  /** Questions that wait for a window: of any feed, of a video's by its part of keys, or of one. */
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
      requested.merge(question.getQuestion().getVideoId(), change, QuestionIndex::sumOrNothing);
    }
  }

  private static Integer sumOrNothing(int before, int change) {
    return before + change == 0 ? null : before + change;
  }

  private static Optional<String> wait(OpenQuestion question) {
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
