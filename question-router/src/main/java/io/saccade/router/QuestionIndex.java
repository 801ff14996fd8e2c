package io.saccade.router;

import io.saccade.router.v1.OpenQuestion;
import io.saccade.router.v1.QuestionState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds open questions by when to look at them again and by what they wait for, and counts them. It
 * knows the questions' keys alone, and forgets nothing by itself: what was added has to be removed
 * as it was.
 */
final class QuestionIndex {

  private final NavigableSet<Wake> wakes =
      new TreeSet<>(Comparator.comparingLong(Wake::at).thenComparing(Wake::key));
  private final NavigableSet<String> waits = new TreeSet<>();
  private final Map<String, Integer> requested = new HashMap<>();
  private int standing;

  /** When to look at the question of this key; milliseconds since the epoch. */
  private record Wake(long at, String key) {}

  void add(String key, OpenQuestion question) {
    wakes.add(new Wake(question.getWakeAt(), key));
    wait(question).ifPresent(wait -> waits.add(wait + key));
    count(question, 1);
  }

  void remove(String key, OpenQuestion question) {
    wakes.remove(new Wake(question.getWakeAt(), key));
    wait(question).ifPresent(wait -> waits.remove(wait + key));
    count(question, -1);
  }

  /** How many questions that somebody asked are open; windows of standing ones are not counted. */
  int asked() {
    return wakes.size() - standing;
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
    return waiting("u", 1);
  }

  /** Those of a video, by the part of their keys that is the video's alone. */
  List<String> unsettled(String videoPart) {
    return waiting("u" + videoPart, 1);
  }

  /** Questions that wait for a clip. */
  List<String> parkedOn(String clipId) {
    String wait = "c" + clipId;
    return waiting(wait, wait.length());
  }

  /** Questions that wait for a feed's next window. */
  List<String> awaitingWindow(String feed) {
    String wait = "w" + feed;
    return waiting(wait, wait.length());
  }

  private List<String> waiting(String prefix, int kindChars) {
    List<String> found = new ArrayList<>();
    for (String wait : waits.tailSet(prefix)) {
      if (!wait.startsWith(prefix)) {
        break;
      }
      found.add(wait.substring(kindChars));
    }
    return found;
  }

  private void count(OpenQuestion question, int change) {
    if (!question.getStandingId().isEmpty()) {
      standing += change;
    }
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
              "w" + Windows.feed(question.getClip().getVideoId(), question.getClip().getProfile()));
      default -> Optional.empty();
    };
  }
}
