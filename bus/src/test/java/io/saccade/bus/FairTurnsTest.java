package io.saccade.bus;

import static java.util.Comparator.comparingDouble;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.PriorityQueue;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Turns")
final class FairTurnsTest {

  private static final int ROUNDS = 10_000;

  private final FairTurns turns = new FairTurns();
  private final PriorityQueue<Waiter> waiting =
      new PriorityQueue<>(comparingDouble(Waiter::turn).thenComparingInt(Waiter::number));
  private int count;

  private record Waiter(String key, double turn, int number) {}

  @Test
  @DisplayName("reach everybody, also where new keys come as fast as work is done")
  void nobodyStarves() {
    for (int i = 0; i < 10; i++) {
      add("hot");
      add("early " + i);
    }
    int served = 0;
    for (int i = 0; i < 1_000; i++) {
      served += serve().equals("hot") ? 1 : 0;
      add("new " + i);
    }

    assertThat(served).isEqualTo(10);
  }

  @Test
  @DisplayName("forget keys that have no work any more")
  void keysAreForgotten() {
    int most = 0;
    for (int i = 0; i < ROUNDS; i++) {
      add("video " + i);
      serve();
      most = Math.max(most, turns.active());
    }

    assertThat(most).isLessThanOrEqualTo(2);
  }

  @Test
  @DisplayName("are given back by work that leaves before it begins")
  void whoLeavesGivesItsTurnBack() {
    for (int i = 0; i < 200; i++) {
      turns.next("moved");
      turns.left("moved");
    }

    assertThat(turns.next("moved")).isEqualTo(turns.next("other"));
  }

  @Test
  @DisplayName("are shared evenly by keys that always have work")
  void evenly() {
    add("one");
    add("two");
    add("two");
    int ones = 0;
    for (int i = 0; i < ROUNDS; i++) {
      String key = serve();
      ones += key.equals("one") ? 1 : 0;
      add(key);
    }

    assertThat(ones).isBetween(ROUNDS / 2 - 2, ROUNDS / 2 + 2);
  }

  private void add(String key) {
    waiting.add(new Waiter(key, turns.next(key), count++));
  }

  private String serve() {
    Waiter next = waiting.remove();
    turns.begun(next.turn());
    return next.key();
  }
}
