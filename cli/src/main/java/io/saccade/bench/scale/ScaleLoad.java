package io.saccade.bench.scale;

import io.saccade.bus.Await;
import io.saccade.cli.local.Lifecycle;
import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/** More windows than the worker can answer, then fewer. */
final class ScaleLoad {

  private static final String SECTION = "load";
  private static final Duration WINDOW = Duration.ofSeconds(2);
  private static final Duration FRESHNESS = Duration.ofSeconds(6);

  /** A look at the window and a prompt. */
  private static final int PIECES = 2;

  /** What is offered afterwards, of what the worker can do. */
  private static final double NORMAL = 0.5;

  private final ScaleFigures figures;
  private final double load;
  private final Duration latency;
  private final Duration time;
  private final ScaleWindows windows = new ScaleWindows(ScaleLive.STANDING, WINDOW);
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  ScaleLoad(ScaleFigures figures, double load, Duration latency, Duration time) {
    this.figures = figures;
    this.load = load;
    this.latency = latency;
    this.time = time;
  }

  void run() throws InterruptedException {
    double capacity = WINDOW.toNanos() / (double) latency.multipliedBy(PIECES).toNanos();
    int feeds = Math.max(1, (int) Math.round(load * capacity));
    int normal = Math.max(1, (int) Math.round(NORMAL * capacity));
    figures.print(
        SECTION, "windows that the worker can answer a second", capacity / WINDOW.toSeconds());
    figures.print(SECTION, "feeds", feeds);
    try (Lifecycle lifecycle = new Lifecycle()) {
      ScaleLive live = new ScaleLive(lifecycle, feeds, WINDOW, latency);
      live.tail(Topics.CLIPS, windows::clip);
      live.tail(Topics.ANSWERS, this::answered);
      live.ask(FRESHNESS);
      live.add(0, feeds);
      Await.pause(time);
      Instant dropped = Instant.now();
      live.remove(normal, feeds);
      Await.pause(WINDOW.multipliedBy(10));
      Instant withdrawn = Instant.now();
      live.remove(0, normal);
      live.awaitFollowing(0);
      windows.awaitAnswers(FRESHNESS.multipliedBy(2));
      report(live, dropped, withdrawn);
    }
  }

  private void answered(Answer answer) {
    answers.add(answer);
    windows.answer(answer);
  }

  private void report(ScaleLive live, Instant dropped, Instant withdrawn) {
    windows.print(figures, SECTION, live::withdrawn, live.printSkipped(figures, SECTION));
    double oldest = with(AnswerStatus.OK).mapToDouble(ScaleLoad::age).max().orElse(Double.NaN);
    figures.atMost(
        SECTION, "oldest answer after its window's end, s", oldest, FRESHNESS.toMillis() / 1e3);
    Instant last =
        with(AnswerStatus.SKIPPED)
            .filter(answer -> Times.java(answer.getWindow().getBegin()).isAfter(dropped))
            // What waits when the last feeds are withdrawn is cancelled, not skipped for want of
            // time.
            .filter(answer -> Times.java(answer.getAnsweredAt()).isBefore(withdrawn))
            .map(answer -> Times.java(answer.getWindow().getEnd()))
            .max(Instant::compareTo)
            .orElse(dropped);
    figures.atMost(
        SECTION,
        "last skipped window ended after the load fell, in windows",
        Duration.between(dropped, last).toNanos() / (double) WINDOW.toNanos(),
        2);
  }

  private Stream<Answer> with(AnswerStatus status) {
    return answers.stream().filter(answer -> answer.getStatus() == status);
  }

  /** Seconds. */
  private static double age(Answer answer) {
    return Duration.between(
                Times.java(answer.getWindow().getEnd()), Times.java(answer.getAnsweredAt()))
            .toMillis()
        / 1e3;
  }
}
