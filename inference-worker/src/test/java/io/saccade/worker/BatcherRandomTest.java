package io.saccade.worker;

import static io.saccade.worker.BatcherHarness.answer;
import static io.saccade.worker.BatcherHarness.clip;
import static io.saccade.worker.BatcherHarness.question;
import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.ClipManifest;
import io.saccade.proto.v1.FailureCode;
import io.saccade.proto.v1.Priority;
import io.saccade.proto.v1.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random arrivals against what a question gets that is asked alone. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BatcherRandomTest {

  private static final int QUESTIONS = 60;
  private static final int RUNS = 12;

  /** A question and what it would get alone. */
  private record Case(Asked reply, String expected) {}

  @ParameterizedTest
  @ValueSource(longs = {0, 250, 700, 2_000, 1_000_000})
  void everyoneGetsWhatHeGetsAlone(long budget) {
    for (int seed = 0; seed < RUNS; seed++) {
      assertThat(run(new Random(seed), budget, 0, 0))
          .as("seed %d", seed)
          .allMatch(each -> each.reply.result().getText().equals(each.expected))
          .allMatch(each -> each.reply.streamed().equals(each.expected));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 250, 700, 2_000, 1_000_000})
  void everyoneHasOneEndWhateverHappens(long budget) {
    for (int seed = 0; seed < RUNS; seed++) {
      List<Case> cases = run(new Random(seed), budget, 0.02, 0.2);
      assertThat(cases).as("seed %d", seed).allMatch(each -> each.reply.outcomes() == 1);
      assertThat(cases)
          .as("seed %d", seed)
          .filteredOn(each -> each.reply.isAnswered())
          .allMatch(
              each ->
                  each.reply.result().hasFailure()
                      ? each.reply.result().getFailure().getCode() == FailureCode.OUT_OF_MEMORY
                      : each.reply.result().getText().equals(each.expected)
                          && each.reply.streamed().equals(each.expected));
    }
  }

  @Test
  void theSameSeedGivesTheSamePieces() {
    List<List<String>> pieces = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      try (BatcherHarness bench = new BatcherHarness(700, 4)) {
        ask(bench, new Random(7), 0, 0);
        pieces.add(List.copyOf(bench.engine.pieces));
      }
    }
    assertThat(pieces.get(0)).isEqualTo(pieces.get(1));
  }

  /**
   * A run.
   *
   * @param failing how often a piece finds no memory
   * @param leaving how often a question is cancelled or has a short deadline
   */
  private static List<Case> run(Random random, long budget, double failing, double leaving) {
    try (BatcherHarness bench = new BatcherHarness(budget, 1 + random.nextInt(8))) {
      return ask(bench, random, failing, leaving);
    } // which checks that all was closed
  }

  private static List<Case> ask(
      BatcherHarness bench, Random random, double failing, double leaving) {
    bench.holdFrames();
    bench.engine.before =
        piece -> {
          requireBudget(bench);
          if (random.nextDouble() < failing) {
            throw FakeEngine.noMemory();
          }
        };
    List<Case> cases = new ArrayList<>();
    while (cases.size() < QUESTIONS || bench.batcher.turn() || !bench.reads.isEmpty()) {
      if (cases.size() < QUESTIONS && random.nextInt(4) == 0) {
        cases.add(ask(bench, random, leaving, cases.size()));
      }
      if (random.nextInt(3) == 0) {
        bench.read();
      }
      if (!cases.isEmpty() && random.nextDouble() < leaving / 20) {
        cases.get(random.nextInt(cases.size())).reply.cancelled = true;
      }
      bench.pass(Duration.ofMillis(10));
      bench.batcher.turn();
    }
    return cases;
  }

  private static Case ask(BatcherHarness bench, Random random, double leaving, int number) {
    int which = random.nextInt(6);
    ClipManifest clip = clip(which, 1 + which);
    String text = "x".repeat(random.nextInt(40)) + number;
    Question.Builder question = question("q" + number, text);
    question.getOptionsBuilder().setSeed(1 + random.nextInt(200));
    if (random.nextDouble() < leaving) {
      question.setDeadline(bench.in(Duration.ofMillis(random.nextInt(1_000))));
    }
    Priority priority = random.nextInt(3) == 0 ? Priority.STANDING : Priority.ON_DEMAND;
    return new Case(bench.ask(question, clip, priority), answer(clip, text));
  }

  /**
   * More than the budget is in use only by one question, which had to be let in. Clips that nobody
   * uses may stay beyond it until something else needs room.
   */
  private static void requireBudget(BatcherHarness bench) {
    if (bench.engine.running().size() > 1) {
      assertThat(bench.engine.bytesInUse()).isLessThanOrEqualTo(bench.budget);
    }
  }
}
