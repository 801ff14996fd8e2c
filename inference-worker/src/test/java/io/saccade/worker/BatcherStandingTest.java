package io.saccade.worker;

import static io.saccade.worker.BatcherHarness.clip;
import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.ClipManifest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows of standing questions beside questions that somebody waits for. */
class BatcherStandingTest {

  private static final ClipManifest ONE = clip(1, 2);
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Duration LATER = Duration.ofMinutes(5);

  private BatcherHarness bench = new BatcherHarness(10_000, 1);

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void theyBeginAfterAllOthersThatAreThere() {
    bench.askStanding("standing", ONE, SOON);
    bench.ask("first", ONE, "x");
    bench.ask("second", clip(2, 2), "y");
    bench.finish();

    assertThat(begun()).containsExactly("begin first", "begin second", "begin standing");
  }

  @Test
  void theOneWithTheLeastTimeLeftIsFirst() {
    bench.askStanding("late", ONE, LATER);
    bench.askStanding("soon", ONE, SOON);
    bench.askStanding("soonest", ONE, SOON.minusSeconds(1));
    bench.finish();

    assertThat(begun()).containsExactly("begin soonest", "begin soon", "begin late");
  }

  @Test
  void oneThatCannotBeAnsweredInTimeLetsOthersPass() {
    bench.engine.before =
        piece -> {
          if (piece.startsWith("prefill slow")) {
            bench.pass(Duration.ofSeconds(80)); // so that ten seconds are typical
          }
        };
    bench.ask("slow", ONE, "x");
    bench.finish();
    bench.askStanding("hopeless", ONE, Duration.ofSeconds(5));
    bench.askStanding("timely", ONE, SOON);
    bench.finish();

    assertThat(begun()).containsExactly("begin slow", "begin timely", "begin hopeless");
  }

  @Test
  void oneWhoseTimeIsUpCostsNothing() {
    bench.holdFrames();
    Asked asked = bench.askStanding("standing", ONE, SOON);
    bench.turns(1);
    bench.pass(SOON.plusMillis(1));
    bench.turns(1);
    bench.read();
    bench.finish();

    assertThat(asked.isExpired()).isTrue();
    assertThat(asked.outcomes()).isEqualTo(1);
    assertThat(bench.engine.pieces).isEmpty();
  }

  @Test
  void aHouseFullOfThemKeepsNobodyFromReading() {
    bench.holdFrames();
    bench.askStanding("a", clip(2, 9), SOON);
    bench.askStanding("b", clip(3, 9), SOON);
    bench.askStanding("c", clip(4, 9), SOON);
    bench.turns(1);
    assertThat(bench.reads).hasSize(2);
    bench.ask("pressing", ONE, "x");
    bench.turns(1);
    assertThat(bench.reads).hasSize(3);
    for (int i = 0; i < 3; i++) {
      bench.read();
    }
    bench.finish();

    assertThat(bench.engine.pieces).startsWith("look 10", "look 11", "begin pressing");
  }

  @Test
  void theyGetNoMemoryThatSomebodyElseWaitsFor() {
    bench.close();
    bench = new BatcherHarness(250, 8); // two clips of two frames do not fit
    bench.ask("first", ONE, "0123456789012345");
    bench.turns(4);
    bench.askStanding("standing", ONE, SOON); // would fit
    bench.ask("pressing", clip(2, 2), "y"); // does not
    bench.finish();

    assertThat(begun()).containsExactly("begin first", "begin pressing", "begin standing");
  }

  private List<String> begun() {
    return bench.engine.pieces.stream().filter(piece -> piece.startsWith("begin")).toList();
  }
}
