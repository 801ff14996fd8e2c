package io.saccade.router.streams;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import io.saccade.proto.Times;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.Priority;
import io.saccade.router.RouterEvent;
import io.saccade.router.RouterLimits;
import io.saccade.telemetry.SkipReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More windows than a worker can answer, in virtual time: 20 feeds with hops of 2 to 6.75 s, and
 * one worker whose answer time makes their load three times its capacity.
 */
final class RouterOverloadTest {

  private static final int FEEDS = 20;
  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration LENGTH = Duration.ofSeconds(4);
  private static final Duration FRESHNESS = Duration.ofSeconds(15);
  private static final Duration OVERLOAD = Duration.ofMinutes(3);

  private RouterHarness router;
  private Worker worker;
  private final List<Feed> feeds = new ArrayList<>();
  private final Map<String, Integer> given = new HashMap<>();
  private final Map<String, Integer> skipped = new HashMap<>();
  private final Map<String, Instant> asked = new HashMap<>();
  private final List<Duration> onDemand = new ArrayList<>();
  private final Set<String> answered = new HashSet<>();

  /** A feed that has a window each hop. */
  private static final class Feed {

    private final String id;
    private final Duration hop;
    private Instant next;
    private long windows;

    Feed(int number) {
      this.id = "feed-" + number;
      this.hop = Duration.ofMillis(2_000 + 250L * number);
      this.next = RouterHarness.START.plusMillis(137L * number);
    }
  }

  /**
   * Answers one question after another, on-demand questions first, and drops those whose deadline
   * has passed.
   */
  private final class Worker {

    private final List<InferenceRequest> waiting = new ArrayList<>();
    private final Duration each;
    private InferenceRequest inFlight;
    private Instant done;
    private boolean stopped;

    Worker(Duration each) {
      this.each = each;
    }

    void work() {
      waiting.addAll(router.inferenceRequests());
      if (inFlight != null && !done.isAfter(router.now())) {
        router.inferred(Samples.result(inFlight, "yes"));
        inFlight = null;
        waiting.addAll(router.inferenceRequests());
      }
      waiting.removeIf(request -> !deadline(request).isAfter(router.now()));
      if (inFlight == null && !stopped && !waiting.isEmpty()) {
        inFlight = waiting.remove(first());
        done = router.now().plus(each);
      }
    }

    private int first() {
      for (int i = 0; i < waiting.size(); i++) {
        if (waiting.get(i).getPriority() == Priority.ON_DEMAND) {
          return i;
        }
      }
      return 0;
    }

    private Instant deadline(InferenceRequest request) {
      return request.getQuestion().hasDeadline()
          ? Times.java(request.getQuestion().getDeadline())
          : Instant.MAX;
    }
  }

  @BeforeEach
  void open(@TempDir Path dir) {
    router = new RouterHarness(dir, RouterLimits.DEFAULT);
    router.model(Samples.model("m"));
    for (int i = 0; i < FEEDS; i++) {
      feeds.add(new Feed(i));
      router.video(Samples.feed("feed-" + i).toBuilder().putLabels("site", "here").build());
    }
    router.standing(
        Samples.standing("s", "unused").toBuilder()
            .setSelector(LabelSelector.newBuilder().putLabels("site", "here"))
            .setFreshness(Times.proto(FRESHNESS))
            .setReportSkipped(true)
            .build());
    double windowsASecond = 0;
    for (Feed feed : feeds) {
      windowsASecond += 1_000.0 / feed.hop.toMillis();
    }
    // In whole steps, rounded up: slightly more than three windows arrive while the worker answers
    // one.
    long steps = (long) Math.ceil(3_000 / windowsASecond / STEP.toMillis());
    worker = new Worker(STEP.multipliedBy(steps));
  }

  @AfterEach
  void close() {
    router.close();
  }

  /** Runs the feeds for a while; only the first {@code playing} have windows. */
  private void play(Duration duration, int playing) {
    Instant end = router.now().plus(duration);
    while (router.now().isBefore(end)) {
      for (Feed feed : feeds.subList(0, playing)) {
        if (!feed.next.isAfter(router.now())) {
          router.sampled(Samples.window(feed.id, 'a', feed.windows++, router.now(), LENGTH));
          feed.next = router.now().plus(feed.hop);
        }
      }
      worker.work();
      router.answers().forEach(this::take);
      router.advance(STEP);
    }
  }

  private void ask(int number) {
    String id = "q" + number;
    asked.put(id, router.now());
    router.ask(Samples.question("feed-" + number % FEEDS, id));
  }

  private void take(Answer answer) {
    assertThat(answered.add(answer.getQuestionId())).as("one answer each").isTrue();
    Instant at = Times.java(answer.getAnsweredAt());
    if (asked.containsKey(answer.getQuestionId())) {
      assertThat(answer.getStatus()).isEqualTo(AnswerStatus.OK);
      onDemand.add(Duration.between(asked.get(answer.getQuestionId()), at));
    } else if (answer.getStatus() == AnswerStatus.OK) {
      assertThat(at).isBefore(Times.java(answer.getWindow().getEnd()).plus(FRESHNESS));
      given.merge(answer.getVideoId(), 1, Integer::sum);
    } else {
      assertThat(answer.getStatus()).isEqualTo(AnswerStatus.SKIPPED);
      skipped.merge(answer.getVideoId(), 1, Integer::sum);
    }
  }

  private int windows() {
    return feeds.stream().mapToInt(feed -> (int) feed.windows).sum();
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private long skips() {
    long skips = 0;
    for (SkipReason reason : SkipReason.values()) {
      skips += router.counters.skipped(reason);
    }
    return skips;
  }

  @Test
  void underThreefoldLoadWindowsAreSkippedFairlyAndNoneIsAnsweredLate() {
    int question = 0;
    for (Duration played = Duration.ZERO;
        played.compareTo(OVERLOAD) < 0;
        played = played.plusSeconds(10)) {
      ask(question++);
      play(Duration.ofSeconds(10), FEEDS);
    }
    assertThat(onDemand)
        .hasSize(question)
        .allMatch(d -> d.compareTo(worker.each.multipliedBy(3)) < 0);
    int possible = (int) OVERLOAD.dividedBy(worker.each) - question;
    assertThat(windows()).isGreaterThan(3 * possible);
    assertThat(sum(given)).as("the worker is kept busy").isGreaterThan(possible - 5);
    assertThat(given).hasSize(FEEDS);
    int least = given.values().stream().min(Integer::compare).orElseThrow();
    int most = given.values().stream().max(Integer::compare).orElseThrow();
    assertThat(most).as("shares").isLessThanOrEqualTo(least * 4 / 3);
    assertThat(router.counters.skipped(SkipReason.STALE))
        .as("work that was thrown away")
        .isLessThan(windows() / 100);

    // Two feeds go on, with less than the worker's capacity; the others end.
    List<Feed> on = feeds.subList(0, 2);
    Map<String, Integer> before = Map.copyOf(skipped);
    play(on.get(1).hop.multipliedBy(2), on.size());
    Map<String, Integer> after = Map.copyOf(skipped);
    play(Duration.ofSeconds(30), on.size());
    for (Feed feed : on) {
      assertThat(after.get(feed.id) - before.get(feed.id)).isLessThanOrEqualTo(2);
      assertThat(skipped.get(feed.id)).as("recovered").isEqualTo(after.get(feed.id));
    }

    play(FRESHNESS.plusSeconds(1), 0);
    assertThat(sum(given) + sum(skipped)).isEqualTo(windows());
    assertThat(skips()).isEqualTo(sum(skipped));
    assertThat(router.counters.get(RouterEvent.WINDOW)).isEqualTo(windows());
    assertThat(router.size("open-questions")).isZero();
  }

  @Test
  void afterAnOutageOfTheWorkersTheNewestWindowIsAnswered() {
    play(Duration.ofSeconds(20), 2);
    worker.stopped = true;
    play(Duration.ofMinutes(2), FEEDS);
    int away = sum(given);
    worker.stopped = false;
    play(Duration.ofSeconds(20), FEEDS);
    long possible = Duration.ofSeconds(20).dividedBy(worker.each);
    assertThat(sum(given) - away).isGreaterThan((int) (possible / 2));
    play(FRESHNESS.plusSeconds(1), 0);
    assertThat(sum(given) + sum(skipped)).isEqualTo(windows());
    assertThat(skips()).isEqualTo(sum(skipped));
  }

  @Test
  void aQuestionOfShortFreshnessIsAnsweredBesideOneOfLong() {
    router.standing(
        Samples.standing("hasty", "feed-3").toBuilder()
            .setFreshness(Durations.fromSeconds(4))
            .build());
    play(Duration.ofMinutes(2), FEEDS);
    long hasty = answered.stream().filter(id -> id.startsWith("hasty#")).count();
    assertThat(hasty).isBetween(given.get("feed-3") * 2L / 5, given.get("feed-3") * 3L / 5);
  }
}
