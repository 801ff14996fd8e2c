package io.saccade.router.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.Times;
import io.saccade.proto.Topics;
import io.saccade.proto.v1.Answer;
import io.saccade.proto.v1.AnswerStatus;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.InferenceRequest;
import io.saccade.proto.v1.LabelSelector;
import io.saccade.proto.v1.Question;
import io.saccade.proto.v1.Result;
import io.saccade.proto.v1.SamplingRequest;
import io.saccade.router.RouterEvent;
import io.saccade.router.RouterLimits;
import io.saccade.router.rules.TimeRules;
import io.saccade.telemetry.SkipReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random events in random order, some of them repeated, late or failed, checked against invariants
 * of any order: each question has one answer, the correct one; each clip is sampled once at a time;
 * each window of a feed is answered in time or skipped, and counted once.
 */
final class RouterRandomTest {

  private static final int STEPS = 600;
  private static final String[] VIDEOS = {"a", "b", "c", "late", "never", "feed-0", "feed-1"};
  private static final int FEEDS = 2;
  private static final int STANDING = 3;
  private static final Duration LENGTH = Duration.ofSeconds(3);
  private static final RouterLimits LIMITS =
      new RouterLimits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2),
          1_000,
          50,
          Duration.ofDays(1),
          Duration.ofMinutes(2),
          Duration.ofSeconds(8));

  @TempDir private Path stateDir;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void everyQuestionIsAnsweredOnce(long seed) {
    try (RouterHarness router = new RouterHarness(stateDir, LIMITS)) {
      new World(router, new Random(seed)).run();
    }
  }

  /** A manifest, by its arrival time and the offset of its first frame. */
  private record Usable(Instant since, long offset) {}

  /** Acts as producer, sampler and worker, and models the expected state of the router. */
  private static final class World {

    private final RouterHarness router;
    private final Random random;
    private final List<Question> asked = new ArrayList<>();
    private final List<SamplingRequest> toSample = new ArrayList<>();
    private final List<InferenceRequest> toInfer = new ArrayList<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private final Map<String, Integer> attempts = new HashMap<>();

    /** Times of the sampling requests without a result, by clip id. */
    private final Map<String, Instant> sampling = new HashMap<>();

    /** The usable manifests that the router received, by clip id. */
    private final Map<String, Usable> manifests = new HashMap<>();

    private final Set<Long> lostOffsets = new HashSet<>();

    /** The windows that standing questions ask about, by question id. */
    private final Map<String, ClipManifest> windows = new HashMap<>();

    private final List<ClipManifest> published = new ArrayList<>();
    private final Set<Integer> asking = new HashSet<>();
    private long nextOffset = 1;

    World(RouterHarness router, Random random) {
      this.router = router;
      this.random = random;
    }

    void run() {
      router.model(Samples.model("m"));
      for (int i = 0; i < 3; i++) {
        router.video(Samples.video(VIDEOS[i]));
      }
      for (int i = 0; i < FEEDS; i++) {
        router.video(Samples.feed("feed-" + i).toBuilder().putLabels("kind", "feed").build());
      }
      for (int step = 0; step < STEPS; step++) {
        act();
        observe();
      }
      router.advance(LIMITS.longestTimeout());
      observe();
      assertThat(answers.keySet()).isEqualTo(expected());
      assertNothingIsLeft();
      assertSkipsAreCounted();
    }

    private void act() {
      switch (random.nextInt(21)) {
        case 16, 17, 18 -> publishWindow();
        case 19 -> changeStanding(random.nextInt(STANDING));
        case 0, 1, 2, 3 -> ask();
        case 4, 5, 6 -> sample();
        case 7, 8, 9, 10, 11 -> infer();
        case 12 -> router.video(Samples.video(random.nextBoolean() ? "late" : "a"));
        case 13 -> router.pipe(pick(RouterTopology.INPUTS), "a", "garbage".getBytes(UTF_8));
        default -> router.advance(Duration.ofMillis(random.nextInt(2_000)));
      }
    }

    private void ask() {
      if (!asked.isEmpty() && random.nextInt(4) == 0) {
        router.ask(pick(asked));
        return;
      }
      Question.Builder question =
          Samples.question(VIDEOS[random.nextInt(VIDEOS.length)], "q" + asked.size()).toBuilder();
      switch (random.nextInt(10)) {
        case 0 -> question.setText("");
        case 1 -> question.setFrames(1 + random.nextInt(2));
        case 2 -> question.setModel("unknown");
        case 3 -> question.setDeadline(TimeRules.timestamp(router.now().toEpochMilli() + 3_000));
        default -> {}
      }
      asked.add(question.build());
      router.ask(question.build());
    }

    /** A feed's next window, or one that was published before. */
    private void publishWindow() {
      if (!published.isEmpty() && random.nextInt(4) == 0) {
        router.sampled(pick(published));
        return;
      }
      String feed = "feed-" + random.nextInt(FEEDS);
      // The sampler is sometimes late.
      Instant end = router.now().minusSeconds(random.nextInt(3) == 0 ? 2 : 0);
      ClipManifest window = Samples.window(feed, 'a', published.size(), end, LENGTH);
      published.add(window);
      for (int number : asking) {
        windows.put("s" + number + "#" + window.getClipId(), window);
      }
      router.sampled(window);
    }

    private void changeStanding(int number) {
      String id = "s" + number;
      if (asking.remove(number)) {
        router.pipe(Topics.STANDING_QUESTIONS, id, null);
        return;
      }
      asking.add(number);
      router.standing(
          Samples.standing(id, "unused").toBuilder()
              .setSelector(LabelSelector.newBuilder().putLabels("kind", "feed"))
              .setFreshness(Times.proto(freshness(number)))
              .setReportSkipped(true)
              .build());
    }

    /** Sends a sampler's result of a request, which may be a repeat. */
    private void sample() {
      if (toSample.isEmpty()) {
        return;
      }
      SamplingRequest request = pick(toSample);
      ClipManifest manifest =
          switch (random.nextInt(8)) {
            case 0 -> Samples.failedManifest(request, FailureCode.VIDEO_CORRUPT);
            case 1 -> Samples.manifest(request, -5);
            default -> Samples.manifest(request, nextOffset);
          };
      nextOffset += 10_000;
      long dropped = router.counters.get(RouterEvent.MANIFEST_DROPPED);
      router.sampled(manifest);
      if (router.counters.get(RouterEvent.MANIFEST_DROPPED) == dropped) {
        received(request.getClipId(), manifest);
      }
    }

    private void received(String clipId, ClipManifest manifest) {
      sampling.remove(clipId);
      if (manifest.hasFailure() || manifest.getFrames(0).getOffset() < 0) {
        manifests.remove(clipId);
      } else {
        manifests.put(clipId, new Usable(router.now(), manifest.getFrames(0).getOffset()));
      }
    }

    /** Sends a worker's result of a request, which may be a repeat. */
    private void infer() {
      if (toInfer.isEmpty()) {
        return;
      }
      InferenceRequest request = pick(toInfer);
      String id = request.getQuestion().getQuestionId();
      Result result =
          switch (random.nextInt(6)) {
            case 0 -> Samples.failedResult(request, FailureCode.INFERENCE_FAILED);
            case 1, 2 -> Samples.failedResult(request, FailureCode.FRAMES_EXPIRED);
            default -> Samples.result(request, "answer to " + id);
          };
      boolean expired = result.getFailure().getCode() == FailureCode.FRAMES_EXPIRED;
      boolean current = !answers.containsKey(id) && attempts.get(id) == request.getAttempt();
      boolean again = !request.getClip().hasWindow() && request.getAttempt() == 1;
      if (expired && current && again) {
        long offset = request.getClip().getFrames(0).getOffset();
        lostOffsets.add(offset);
        manifests.values().removeIf(manifest -> manifest.offset() == offset);
      }
      boolean closes = !answers.containsKey(id) && !expired;
      router.inferred(result);
      observe();
      if (closes) {
        assertThat(answers).containsKey(id);
      }
    }

    /** Reads the new records of the router and checks each. */
    private void observe() {
      router.samplingRequests().forEach(this::checkSampling);
      router.inferenceRequests().forEach(this::checkInference);
      router.answers().forEach(this::checkAnswer);
    }

    private void checkSampling(SamplingRequest request) {
      String clipId = request.getClipId();
      Instant requested = sampling.put(clipId, router.now());
      if (requested != null) {
        assertThat(requested.plus(LIMITS.samplingTimeout())).isBeforeOrEqualTo(router.now());
      }
      Usable before = manifests.remove(clipId);
      if (before != null) {
        assertThat(before.since().plus(LIMITS.clipRetention())).isBeforeOrEqualTo(router.now());
      }
      toSample.add(request);
    }

    private void checkInference(InferenceRequest request) {
      String id = request.getQuestion().getQuestionId();
      assertThat(expected()).contains(id);
      assertThat(answers).doesNotContainKey(id);
      assertThat(request.getAttempt()).isEqualTo(attempts.merge(id, 1, Integer::sum)).isLessThan(3);
      assertThat(lostOffsets).doesNotContain(request.getClip().getFrames(0).getOffset());
      toInfer.add(request);
    }

    private void checkAnswer(Answer answer) {
      String id = answer.getQuestionId();
      assertThat(expected()).contains(id);
      assertThat(answers.put(id, answer)).as("an earlier answer of %s", id).isNull();
      boolean ok = answer.getStatus() == AnswerStatus.OK;
      assertThat(answer.getText()).isEqualTo(ok ? "answer to " + id : "");
      assertThat(answer.hasFailure()).isEqualTo(answer.getStatus() == AnswerStatus.FAILED);
      if (windows.containsKey(id)) {
        assertThat(answer.getWindow()).isEqualTo(windows.get(id).getWindow());
        assertThat(ok && isStale(answer)).isFalse();
      } else {
        assertThat(answer.getStatus()).isNotEqualTo(AnswerStatus.SKIPPED);
      }
    }

    private static boolean isStale(Answer answer) {
      Duration freshness = freshness(answer.getStandingId().charAt(1) - '0');
      Instant deadline = Times.java(answer.getWindow().getEnd()).plus(freshness);
      return !Times.java(answer.getAnsweredAt()).isBefore(deadline);
    }

    private static Duration freshness(int standing) {
      return Duration.ofSeconds(1 + 4L * standing);
    }

    private void assertSkipsAreCounted() {
      long skipped = 0;
      for (SkipReason reason : SkipReason.values()) {
        skipped += router.counters.skipped(reason);
      }
      assertThat(answers.values())
          .filteredOn(answer -> answer.getStatus() == AnswerStatus.SKIPPED)
          .hasSize((int) skipped);
      assertThat(router.counters.get(RouterEvent.WINDOW)).isEqualTo(published.size());
    }

    private void assertNothingIsLeft() {
      try (var left = router.driver.getKeyValueStore("open-questions").all()) {
        assertThat(left.hasNext()).isFalse();
      }
      assertThat(router.counters.get(RouterEvent.ANSWERED)).isPositive();
      assertThat(router.records(Topics.DEAD_LETTERS)).isNotEmpty();
    }

    private Set<String> expected() {
      Set<String> ids = new HashSet<>(windows.keySet());
      asked.forEach(question -> ids.add(question.getQuestionId()));
      return ids;
    }

    private <T> T pick(List<T> list) {
      return list.get(random.nextInt(list.size()));
    }
  }
}
