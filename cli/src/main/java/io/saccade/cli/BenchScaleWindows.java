package io.saccade.cli;

import io.saccade.chaos.Patience;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What became of each window that a standing question was asked of. For any thread. Keeps little,
 * since heap is measured beside it.
 */
final class BenchScaleWindows {

  private final String standing;

  /** Ids of the windows' questions. */
  private final Set<String> published = ConcurrentHashMap.newKeySet();

  /** The first answer to each. */
  private final Map<String, AnswerStatus> answers = new ConcurrentHashMap<>();

  private final AtomicInteger repeated = new AtomicInteger();

  /** Those of the standing question with this id. */
  BenchScaleWindows(String standing) {
    this.standing = standing;
  }

  /** Notes a window. */
  void clip(ClipManifest clip) {
    if (clip.hasWindow()) {
      published.add(standing + "#" + clip.getClipId());
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
      more = Patience.until(quiet, () -> answers.size() != before);
    }
  }

  /**
   * Prints how many windows got which answer.
   *
   * @param withoutAtMost so many windows may have no answer
   * @param counted windows that the router says it skipped
   */
  void print(BenchScaleFigures figures, String section, int withoutAtMost, long counted) {
    long ok = count(AnswerStatus.OK);
    long skipped = count(AnswerStatus.SKIPPED);
    figures.count(section, "windows published", published.size());
    figures.atMost(section, "windows without an answer", (double) unanswered(), withoutAtMost);
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
    return published.size() - answered();
  }

  private long answered() {
    return published.stream().filter(answers::containsKey).count();
  }
}
