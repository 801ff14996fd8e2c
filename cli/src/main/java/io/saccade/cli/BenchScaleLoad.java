package io.saccade.cli;

import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** More windows than the worker can answer, then fewer. */
final class BenchScaleLoad {

  private static final String SECTION = "load";
  private static final Duration WINDOW = Duration.ofSeconds(2);
  private static final Duration FRESHNESS = Duration.ofSeconds(6);

  /** A look at the window and a prompt. */
  private static final int PIECES = 2;

  /** What is offered afterwards, of what the worker can do. */
  private static final double NORMAL = 0.5;

  private final BenchScaleFigures figures;
  private final double load;
  private final Duration latency;
  private final Duration time;
  private final AtomicInteger windows = new AtomicInteger();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  BenchScaleLoad(BenchScaleFigures figures, double load, Duration latency, Duration time) {
    this.figures = figures;
    this.load = load;
    this.latency = latency;
    this.time = time;
  }

  void run() throws IOException {
    double capacity = WINDOW.toNanos() / (double) latency.multipliedBy(PIECES).toNanos();
    int feeds = Math.max(1, (int) Math.round(load * capacity));
    int normal = Math.max(1, (int) Math.round(NORMAL * capacity));
    figures.print(
        SECTION, "windows that the worker can answer a second", capacity / WINDOW.toSeconds());
    figures.print(SECTION, "feeds", feeds);
    try (BenchScaleLive live = new BenchScaleLive(feeds, WINDOW, latency)) {
      live.tail(Topics.CLIPS, clip -> windows.addAndGet(clip.hasWindow() ? 1 : 0));
      live.tail(Topics.ANSWERS, answers::add);
      live.ask(FRESHNESS);
      live.add(0, feeds);
      BenchScaleBus.pause(time);
      live.remove(normal, feeds);
      Instant dropped = Instant.now();
      BenchScaleBus.pause(WINDOW.multipliedBy(10));
      Instant withdrawn = Instant.now();
      live.remove(0, normal);
      awaitLast();
      report(live, dropped, withdrawn, feeds);
    }
  }

  /** Until all windows have an answer, or none has come for long. */
  private void awaitLast() {
    int before = -1;
    while (answers.size() != windows.get() && answers.size() != before) {
      before = answers.size();
      BenchScaleBus.pause(FRESHNESS.multipliedBy(2));
    }
  }

  private void report(BenchScaleLive live, Instant dropped, Instant withdrawn, int feeds) {
    long ok = with(AnswerStatus.OK).count();
    long skipped = with(AnswerStatus.SKIPPED).count();
    figures.count(SECTION, "windows published", windows.get());
    // The last window of a feed comes when the feed is withdrawn: it is asked nothing.
    figures.atMost(
        SECTION, "windows without an answer", (double) (windows.get() - answers.size()), feeds);
    figures.count(SECTION, "windows answered", ok);
    figures.none(SECTION, "windows with another answer", answers.size() - ok - skipped);
    figures.count(SECTION, "windows skipped", skipped);
    long counted = live.printSkipped(figures, SECTION);
    figures.none(
        SECTION, "skipped windows that the router counted otherwise", Math.abs(counted - skipped));
    double oldest = with(AnswerStatus.OK).mapToDouble(BenchScaleLoad::age).max().orElse(Double.NaN);
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
