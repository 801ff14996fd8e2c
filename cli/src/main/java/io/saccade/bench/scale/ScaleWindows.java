package io.saccade.bench.scale;

import io.saccade.bus.Await;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What became of each window that a standing question was asked of. For any thread. Keeps little,
 * since heap is measured beside it.
 */
final class ScaleWindows {

  private final String standing;
  private final Duration length;

  /** By the ids of the windows' questions. */
  private final Map<String, Published> published = new ConcurrentHashMap<>();

  /** The first answer to each. */
  private final Map<String, AnswerStatus> answers = new ConcurrentHashMap<>();

  private final AtomicInteger repeated = new AtomicInteger();

  private record Published(String video, Instant end) {}

  /**
   * Those of a standing question.
   *
   * @param standing its id
   * @param length of a window
   */
  ScaleWindows(String standing, Duration length) {
    this.standing = standing;
    this.length = length;
  }

  /** Notes a window. */
  void clip(ClipManifest clip) {
    if (clip.hasWindow()) {
      published.put(
          standing + "#" + clip.getClipId(),
          new Published(clip.getVideoId(), Times.java(clip.getWindow().getEnd())));
    }
  }

  /** Notes an answer. */
  void answer(Answer answer) {
    if (answers.putIfAbsent(answer.getQuestionId(), answer.getStatus()) != null) {
      repeated.incrementAndGet();
    }
  }

  /** Waits until each window has its answer, or no answer has come for so long. */
  void awaitAnswers(Duration quiet) throws InterruptedException {
    boolean more = true;
    while (more && unanswered() > 0) {
      int before = answers.size();
      more = Await.until(quiet, () -> answers.size() != before);
    }
  }

  /**
   * Prints how many windows got which answer.
   *
   * @param withdrawn when a video was: of one that is withdrawn nothing is asked any more, and what
   *     ended within a window's length before may come after that
   * @param counted windows that the router says it skipped
   */
  void print(
      ScaleFigures figures, String section, Function<String, Instant> withdrawn, long counted) {
    long ok = count(AnswerStatus.OK);
    long skipped = count(AnswerStatus.SKIPPED);
    figures.count(section, "windows published", published.size());
    long early = unanswered(video -> withdrawn.apply(video).minus(length));
    figures.none(section, "windows without an answer", early);
    figures.count(section, "windows after the withdrawal without an answer", unanswered() - early);
    figures.none(section, "answers to no window", answers.size() - answered());
    figures.none(section, "answers repeated", repeated.get());
    figures.count(section, "windows answered", ok);
    figures.none(section, "windows with another answer", answers.size() - ok - skipped);
    figures.count(section, "windows skipped", skipped);
    figures.none(
        section, "skipped windows that the router counted otherwise", Math.abs(counted - skipped));
  }

  private long count(AnswerStatus status) {
    return answers.values().stream().filter(status::equals).count();
  }

  private long unanswered() {
    return unanswered(video -> Instant.MAX);
  }

  /** Of windows that ended before that of their video. */
  private long unanswered(Function<String, Instant> before) {
    return published.entrySet().stream()
        .filter(window -> window.getValue().end().isBefore(before.apply(window.getValue().video())))
        .filter(window -> !answers.containsKey(window.getKey()))
        .count();
  }

  private long answered() {
    return published.keySet().stream().filter(answers::containsKey).count();
  }
}
