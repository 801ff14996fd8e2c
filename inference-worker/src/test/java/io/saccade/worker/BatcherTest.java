package io.saccade.worker;

import static io.saccade.worker.BatcherHarness.answer;
import static io.saccade.worker.BatcherHarness.clip;
import static io.saccade.worker.BatcherHarness.question;
import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.model.PromptTooLongException;
import io.saccade.proto.Times;
import io.saccade.proto.v1.AnswerChunk;
import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.LookedAt;
import io.saccade.proto.v1.Question;
import io.saccade.telemetry.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which piece is computed when, and who waits for what. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BatcherTest {

  private static final ClipManifest ONE = clip(1, 3);
  private static final ClipManifest TWO = clip(2, 2);

  private BatcherHarness bench = new BatcherHarness(10_000, 8);

  @AfterEach
  void close() {
    bench.close();
  }

  private void with(long budget, int maxBatch) {
    bench.close();
    bench = new BatcherHarness(budget, maxBatch);
  }

  @Test
  void questionsOnAClipShareOneReadingAndOneLook() {
    List<Asked> asked =
        IntStream.range(0, 5).mapToObj(i -> bench.ask("q" + i, ONE, "question " + i)).toList();
    bench.finish();

    assertThat(asked)
        .extracting(reply -> reply.result().getText())
        .isEqualTo(IntStream.range(0, 5).mapToObj(i -> answer(ONE, "question " + i)).toList());
    assertThat(bench.engine.looks).hasSize(1);
    assertThat(bench.meter(Metric.CLIP_MISSES)).isEqualTo(1);
    assertThat(bench.meter(Metric.CLIP_HITS)).isEqualTo(4);
    assertThat(asked).noneMatch(reply -> reply.result().getUsage().getClipCached());
  }

  @Test
  void answersOnSeveralClipsAreDecodedTogether() {
    Asked first = bench.ask("a", ONE, "x");
    Asked second = bench.ask("b", TWO, "y");
    bench.finish();

    assertThat(first.result().getText()).isEqualTo(answer(ONE, "x"));
    assertThat(second.result().getText()).isEqualTo(answer(TWO, "y"));
    assertThat(bench.engine.pieces).contains("decode b a");
  }

  @Test
  void eachTurnGivesEveryAnswerATokenAndComputesOnePieceBesides() {
    bench.ask("running", ONE, "0123456789");
    bench.turns(5); // read, three looks and the prompt in turn
    bench.ask("long", clip(3, 6), "z");
    bench.engine.pieces.clear();
    bench.turns(8);

    assertThat(bench.engine.pieces)
        .containsExactly(
            "decode running", // the frames come with this turn's end
            "look 30",
            "decode running",
            "look 31",
            "decode running",
            "look 32",
            "decode running",
            "look 33",
            "decode running",
            "look 34",
            "decode running",
            "look 35",
            "decode running",
            "begin long",
            "prefill long",
            "decode running long");
  }

  @Test
  void aLongPromptAndALongClipTakeTurnsWithOthers() {
    bench.ask("ready", ONE, "x");
    bench.finish();
    bench.ask("clip", clip(3, 4), "z");
    bench.ask("prompt", ONE, "a prompt of four pieces, this is");
    bench.ask("short", ONE, "short");
    bench.engine.pieces.clear();
    bench.finish();

    assertThat(bench.engine.pieces.stream().filter(piece -> !piece.startsWith("decode")).toList())
        .containsExactly(
            "begin prompt",
            "begin short",
            "prefill prompt",
            "look 30",
            "prefill short",
            "look 31",
            "prefill prompt",
            "look 32",
            "prefill prompt",
            "look 33",
            "begin clip",
            "prefill prompt",
            "prefill clip");
  }

  @Test
  void aSmallClipPassesALargeOne() {
    bench.ask("large", clip(3, 9), "x");
    Asked small = bench.ask("small", clip(4, 2), "y");
    bench.finish();

    int seen = bench.engine.pieces.indexOf("look 41");
    assertThat(small.isAnswered()).isTrue();
    assertThat(bench.engine.pieces.subList(0, seen)).hasSizeLessThan(5);
  }

  @Test
  void equalClipsAreLookedAtOneAfterTheOther() {
    bench.ask("first", clip(3, 2), "x");
    bench.ask("second", clip(4, 2), "y");
    bench.finish();

    assertThat(bench.engine.pieces.stream().filter(piece -> piece.startsWith("look")))
        .containsExactly("look 30", "look 31", "look 40", "look 41");
  }

  @Test
  void noMoreThanTheNextClipIsReadAhead() {
    bench.holdFrames();
    for (int i = 1; i <= 4; i++) {
      bench.ask("q" + i, clip(i, 1), "x");
    }
    bench.turns(1);
    assertThat(bench.reads).hasSize(2);

    bench.read();
    bench.turns(3);
    assertThat(bench.reads).as("one is looked at: the third may come").hasSize(2);
    while (!bench.reads.isEmpty()) {
      bench.read();
      bench.finish();
    }
    assertThat(bench.asked.values()).allMatch(Asked::isAnswered);
  }

  @Test
  void aQuestionOnAKnownClipDoesNotWaitForAnothersFrames() {
    bench.ask("known", ONE, "x");
    bench.finish();
    bench.holdFrames();
    Asked slow = bench.ask("slow", TWO, "y");
    Asked quick = bench.ask("quick", ONE, "z");
    bench.finish();

    assertThat(quick.result().getText()).isEqualTo(answer(ONE, "z"));
    assertThat(quick.result().getUsage().getClipCached()).isTrue();
    assertThat(slow.isAnswered()).isFalse();
    bench.read();
    bench.finish();
    assertThat(slow.isAnswered()).isTrue();
  }

  @Test
  void aVideoWithManyQuestionsHoldsUpNoOther() {
    with(10_000, 1);
    for (String id : List.of("hot1", "hot2", "hot3", "hot4")) {
      bench.ask(id, ONE, "x");
    }
    bench.ask(BatcherHarness.question("other", "y").setVideoId("another"), ONE);
    bench.finish();

    assertThat(bench.engine.pieces.stream().filter(piece -> piece.startsWith("begin")))
        .containsExactly("begin hot1", "begin other", "begin hot2", "begin hot3", "begin hot4");
  }

  @Test
  void noPromptsOfOneVideoHoldUpAnothers() {
    with(10_000, 4);
    for (String id : List.of("hot1", "hot2", "hot3")) {
      bench.ask(id, ONE, "x");
    }
    bench.turns(5); // read, two looks and the first prompt
    bench.ask(BatcherHarness.question("other", "y").setVideoId("another"), ONE);
    bench.finish();

    assertThat(bench.engine.pieces.stream().filter(piece -> piece.startsWith("prefill")))
        .containsExactly("prefill hot1", "prefill other", "prefill hot2", "prefill hot3");
  }

  @Test
  void noMoreThanTheBatchRunsAtATime() {
    with(10_000, 2);
    for (int i = 0; i < 5; i++) {
      bench.ask("q" + i, ONE, "question " + i);
    }
    bench.engine.before = piece -> assertThat(bench.engine.running()).hasSizeLessThanOrEqualTo(2);
    bench.finish();

    assertThat(bench.asked.values())
        .extracting(reply -> reply.result().hasFailure())
        .containsOnly(false);
  }

  @Test
  void chunksAreTheAnswerInOrder() {
    Asked asked = bench.ask("q", ONE, "text ");
    bench.finish();

    assertThat(asked.streamed()).isEqualTo(asked.result().getText());
    assertThat(asked.chunks)
        .extracting(AnswerChunk::getSequence)
        .isEqualTo(IntStream.range(0, asked.chunks.size()).boxed().toList());
    assertThat(asked.chunks)
        .hasSizeGreaterThan(5)
        .allMatch(chunk -> chunk.getQuestionId().equals("q") && chunk.getVideoId().equals("v"))
        .allMatch(chunk -> chunk.getAttempt() == 1 && chunk.getWorker().equals("worker-1"));
  }

  @Test
  void aResultSaysWhereTheModelLookedByPosition() {
    Asked asked = bench.ask("q", ONE, "x");
    bench.finish();

    List<LookedAt> moments = asked.result().getLookedAtList();
    assertThat(moments)
        .extracting(moment -> Times.java(moment.getPts()))
        .containsExactly(Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(moments).allMatch(moment -> Math.abs(moment.getShare() - 1f / 3) < 1e-6);
  }

  @Test
  void aDeadlineEndsAnAnswerUnderWay() {
    Question.Builder hurried =
        question("hurried", "x").setDeadline(bench.in(Duration.ofSeconds(1)));
    Asked late = bench.ask(hurried, ONE);
    Asked other = bench.ask("other", ONE, "y");
    bench.turns(7);
    assertThat(bench.engine.running()).hasSize(2);
    bench.pass(Duration.ofSeconds(2));
    bench.turns(1);

    assertThat(late.isExpired()).isTrue();
    assertThat(bench.engine.running()).hasSize(1);
    bench.finish();
    assertThat(other.isAnswered()).isTrue();
    assertThat(late.outcomes()).isEqualTo(1);
  }

  @Test
  void aDeadlineHoldsWhileFramesAreReadAndWhileTheyAreLookedAt() {
    bench.holdFrames();
    Question.Builder question = question("q", "x");
    Asked reading = bench.ask(question.setDeadline(bench.in(Duration.ofSeconds(1))), clip(3, 5));
    bench.turns(2);
    bench.pass(Duration.ofSeconds(2));
    bench.turns(1);
    assertThat(reading.isExpired()).isTrue();
    bench.read(); // comes too late for anybody

    Asked looking = bench.ask(question.setDeadline(bench.in(Duration.ofSeconds(1))), clip(4, 5));
    bench.turns(1);
    bench.read();
    bench.turns(2);
    bench.pass(Duration.ofSeconds(2));
    bench.finish();
    assertThat(looking.isExpired()).isTrue();
    assertThat(bench.engine.count(piece -> piece.startsWith("look"))).isEqualTo(2);
    assertThat(bench.cache.used()).isZero();
  }

  @Test
  void whoComesTooLateCostsNothing() {
    Asked late = bench.ask(question("q", "x").setDeadline(bench.in(Duration.ofSeconds(-1))), ONE);
    bench.finish();

    assertThat(late.isExpired()).isTrue();
    assertThat(bench.engine.answers).isEmpty();
  }

  @Test
  void whatIsCancelledIsDroppedBeforeItBeginsAndFinishedAfterwards() {
    Asked waiting = bench.ask("waiting", clip(3, 9), "x");
    Asked running = bench.ask("running", ONE, "y");
    bench.turns(12);
    assertThat(bench.engine.running()).hasSize(1);
    waiting.cancelled = true;
    running.cancelled = true;
    bench.finish();

    assertThat(waiting.isDropped()).isTrue();
    assertThat(running.result().getText()).isEqualTo(answer(ONE, "y"));
    assertThat(bench.engine.looks).allMatch(look -> look.closed);
  }

  @Test
  void aLookGoesOnWhileSomebodyWaitsForIt() {
    Asked opener = bench.ask("opener", ONE, "x");
    Asked second = bench.ask("second", ONE, "y");
    bench.turns(3);
    opener.cancelled = true;
    bench.finish();

    assertThat(opener.isDropped()).isTrue();
    assertThat(second.result().getText()).isEqualTo(answer(ONE, "y"));
    assertThat(bench.engine.looks).hasSize(1);
  }

  @Test
  void aStopEndsEverythingWithoutAReply() {
    Asked running = bench.ask("running", ONE, "x");
    bench.turns(6);
    Asked waiting = bench.ask("waiting", TWO, "y");
    bench.turns(1);
    bench.batcher.stop();

    bench.close();
    assertThat(running.outcomes() + waiting.outcomes()).isZero();
  }

  @Test
  void whatDoesNotFitWaitsAndIsPassedByWhatDoes() {
    with(1_000, 8);
    Asked first = bench.ask(sized("first", 300), ONE); // and a clip of 300
    bench.turns(6);
    Asked large = bench.ask(sized("large", 600), ONE);
    Asked small = bench.ask(sized("small", 100), ONE);
    bench.turns(3);

    assertThat(bench.engine.running())
        .extracting(answer -> answer.id())
        .containsExactly("first", "small");
    assertThat(bench.meter(Metric.MEMORY_WAITS)).isEqualTo(1);
    bench.finish();
    assertThat(List.of(first, large, small)).allMatch(Asked::isAnswered);
  }

  @Test
  void nobodyIsPassedForEver() {
    with(1_000, 8);
    bench.ask(sized("first", 300), ONE);
    bench.turns(6);
    Asked large = bench.ask(sized("large", 600), ONE);
    List<Asked> small = new ArrayList<>();
    while (!large.isAnswered()) {
      small.add(bench.ask(sized("small" + small.size(), 100), ONE));
      bench.turns(3);
    }
    long before = small.stream().filter(Asked::isAnswered).count();
    bench.finish();

    assertThat(before).isBetween((long) AdmissionQueue.PASSES, AdmissionQueue.PASSES + 3L);
    assertThat(small).allMatch(Asked::isAnswered);
  }

  @Test
  void withoutAnyBudgetQuestionsAreAnsweredOneAtATime() {
    with(0, 8);
    List<Asked> asked =
        List.of(bench.ask("a", ONE, "x"), bench.ask("b", TWO, "y"), bench.ask("c", ONE, "z"));
    bench.engine.before = piece -> assertThat(bench.engine.running()).hasSizeLessThanOrEqualTo(1);
    bench.finish();

    assertThat(asked).noneMatch(reply -> reply.result().hasFailure());
  }

  @Test
  void aPieceWithoutMemoryIsTriedAgainOnceIdleClipsAreOut() {
    bench.ask("idle", TWO, "x");
    bench.finish();
    bench.engine.before =
        piece -> {
          if (piece.equals("prefill q") && !bench.engine.clips.get(0).closed) {
            throw FakeEngine.noMemory();
          }
        };
    Asked asked = bench.ask("q", ONE, "y");
    bench.finish();

    assertThat(asked.result().getText()).isEqualTo(answer(ONE, "y"));
    assertThat(bench.cache.budget()).isEqualTo(10_000);
  }

  @Test
  void aQuestionWithoutMemoryFailsAloneAndTheBudgetShrinks() {
    failAt("prefill greedy", FakeEngine.noMemory());
    Asked greedy = bench.ask("greedy", ONE, "x");
    Asked other = bench.ask("other", ONE, "y");
    bench.finish();

    assertThat(greedy.result().getFailure().getCode()).isEqualTo(FailureCode.OUT_OF_MEMORY);
    assertThat(other.result().getText()).isEqualTo(answer(ONE, "y"));
    assertThat(bench.cache.budget()).isEqualTo((300 + 10 + 10) * 3 / 4);
    assertThat(bench.meter(Metric.OUT_OF_MEMORY)).isEqualTo(1);
  }

  @Test
  void aLookWithoutMemoryFailsThoseWhoWaitForIt() {
    failAt("look 11", FakeEngine.noMemory());
    List<Asked> failed = List.of(bench.ask("a", ONE, "x"), bench.ask("b", ONE, "y"));
    Asked other = bench.ask("c", TWO, "z");
    bench.finish();

    assertThat(failed)
        .extracting(reply -> reply.result().getFailure().getCode())
        .containsOnly(FailureCode.OUT_OF_MEMORY);
    assertThat(other.result().getText()).isEqualTo(answer(TWO, "z"));
  }

  @Test
  void aStepWithoutMemoryFailsTheLargestAndTheRestGoOn() {
    bench.engine.before =
        piece -> {
          if (piece.startsWith("decode") && piece.contains("b") && piece.contains(" ")) {
            if (piece.split(" ").length > 3) {
              throw FakeEngine.noMemory();
            }
          }
        };
    Asked a = bench.ask(sized("a", 20), ONE);
    Asked b = bench.ask(sized("b", 30), ONE);
    Asked c = bench.ask(sized("c", 10), ONE);
    bench.finish();

    assertThat(b.result().getFailure().getCode()).isEqualTo(FailureCode.OUT_OF_MEMORY);
    assertThat(a.result().hasFailure() || c.result().hasFailure()).isFalse();
  }

  @Test
  void aStepThatFailsFailsOnlyTheGuilty() {
    bench.engine.before =
        piece -> {
          if (piece.startsWith("decode") && piece.contains("guilty")) {
            throw new IllegalStateException("internal words");
          }
        };
    Asked a = bench.ask("a", ONE, "x");
    Asked guilty = bench.ask("guilty", ONE, "y");
    Asked c = bench.ask("c", ONE, "z");
    bench.finish();

    assertThat(guilty.result().getFailure().getCode()).isEqualTo(FailureCode.INFERENCE_FAILED);
    assertThat(guilty.result().getFailure().getMessage()).doesNotContain("internal");
    assertThat(a.result().getText()).isEqualTo(answer(ONE, "x"));
    assertThat(c.result().getText()).isEqualTo(answer(ONE, "z"));
  }

  @Test
  void aLookThatFailsFailsThoseWhoWaitForItAndNotTheNext() {
    failAt("look 10", new IllegalStateException("broken"));
    Asked failed = bench.ask("a", ONE, "x");
    bench.finish();
    bench.engine.before = piece -> {};
    Asked next = bench.ask("b", ONE, "y");
    bench.finish();

    assertThat(failed.result().getFailure().getCode()).isEqualTo(FailureCode.INFERENCE_FAILED);
    assertThat(next.result().getText()).isEqualTo(answer(ONE, "y"));
  }

  @Test
  void aStepThatFailsHalfwayCostsNobodyElseAnything() {
    boolean[] broken = {false};
    bench.engine.before =
        piece -> {
          if (piece.equals("token b") && bench.engine.answers.get(0).finished()) {
            broken[0] = true;
          }
          if (broken[0] && piece.equals("token b")) {
            throw new IllegalStateException("after a's last token");
          }
        };
    Asked a = bench.ask("a", ONE, "x");
    Asked b = bench.ask("b", ONE, "y");
    bench.finish();

    assertThat(a.result().getText()).isEqualTo(answer(ONE, "x"));
    assertThat(b.result().getFailure().getCode()).isEqualTo(FailureCode.INFERENCE_FAILED);
  }

  @Test
  void framesThatAreGoneByOneManifestAreReadByAnother() {
    ClipManifest sampledAgain = ONE.toBuilder().setAttempt(2).build();
    bench.beforeRead =
        clip -> {
          if (clip.getAttempt() < 2) {
            throw new IllegalStateException("gone");
          }
        };
    Asked first = bench.ask("first", ONE, "x");
    Asked again = bench.ask("again", sampledAgain, "y");
    bench.finish();

    assertThat(first.result().hasFailure()).isTrue();
    assertThat(again.result().getText()).isEqualTo(answer(ONE, "y"));
  }

  @Test
  void framesThatDoNotFitTheHeapFailTheirQuestionAndCostNoBudget() {
    bench.beforeRead =
        clip -> {
          throw new OutOfMemoryError("Java heap space");
        };
    Asked asked = bench.ask("q", ONE, "x");
    bench.finish();

    assertThat(asked.result().getFailure().getCode()).isEqualTo(FailureCode.OUT_OF_MEMORY);
    assertThat(bench.cache.budget()).isEqualTo(10_000);
  }

  @Test
  void theMetricsLineHasEveryMeter() {
    bench.ask("q", ONE, "x");
    bench.finish();

    assertThat(bench.metrics.line())
        .contains("clip_hits=0 clip_misses=1 clip_evictions=0 clip_bytes=300 memory_used=300")
        .contains("memory_budget=10000", "tokens=13", "batch_size=1.0", "vision=3 vision_ms=")
        .contains("transport=1 ", "prefill=1 ", "decode=12 ");
  }

  @Test
  void whatTheEngineRefusesIsTheQuestionsFaultAndIsReadForNobody() {
    bench.engine.refusal = new PromptTooLongException(600, 512);
    Asked tooLong = bench.ask("a", ONE, "x");
    bench.finish();
    bench.engine.refusal = new IllegalArgumentException("topK is -1, and at least 0 is needed");
    Asked invalid = bench.ask("b", ONE, "x");
    bench.finish();

    assertThat(tooLong.result().getFailure().getCode()).isEqualTo(FailureCode.QUESTION_TOO_LONG);
    assertThat(tooLong.result().getFailure().getMessage()).contains("600", "512");
    assertThat(invalid.result().getFailure().getCode()).isEqualTo(FailureCode.QUESTION_INVALID);
    assertThat(bench.engine.looks).isEmpty();
    assertThat(bench.cache.used()).isZero();
  }

  @Test
  void theThreadWaitsForWorkAndEndsWhenTold() throws InterruptedException {
    CountDownLatch computed = new CountDownLatch(1);
    bench.engine.before =
        piece -> {
          if (piece.equals("decode q")) {
            computed.countDown();
          }
        };
    Thread thread =
        new Thread(
            () -> {
              try {
                bench.batcher.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    thread.start();
    Asked asked = bench.ask("q", ONE, "x");
    computed.await();
    bench.batcher.stop();
    thread.join();

    assertThat(asked.outcomes()).isLessThanOrEqualTo(1);
  }

  private void failAt(String piece, RuntimeException failure) {
    bench.engine.before =
        each -> {
          if (each.equals(piece)) {
            throw failure;
          }
        };
  }

  /** A question whose answer takes so many bytes. */
  private static Question.Builder sized(String id, long bytes) {
    Question.Builder question = question(id, id);
    question.getOptionsBuilder().setSeed(bytes);
    return question;
  }
}
