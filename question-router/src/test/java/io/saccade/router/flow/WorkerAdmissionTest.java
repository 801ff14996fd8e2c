package io.saccade.router.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class WorkerAdmissionTest {

  private static final int MOST = 8;

  private final WorkerAdmission pacer = new WorkerAdmission(MOST);
  private long now = 1_000;

  /** Has requests answered one after another. */
  private void work(int results, long each) {
    for (int i = 0; i < results; i++) {
      pacer.sent(now);
      now += each;
      pacer.completed(now);
    }
  }

  /** Sends as many as are admitted. */
  private int fill(long patience) {
    int sent = 0;
    while (pacer.admits(patience, now)) {
      pacer.sent(now);
      sent++;
    }
    return sent;
  }

  @Test
  void oneMayAlwaysGoAndNoneBesideItWhileNothingIsKnown() {
    assertThat(fill(0)).isEqualTo(1);
    assertThat(pacer.admits(1_000_000, now)).isFalse();
  }

  @Test
  void asManyMayGoAsAreAnsweredInTime() {
    work(10, 100);
    // Four times 125 ms, with the headroom.
    assertThat(fill(510)).isEqualTo(4);
    assertThat(fill(500)).isZero();
    for (int lost = 0; lost < 4; lost++) {
      assertThat(pacer.admits(0, now)).isFalse();
      pacer.lost();
    }
    assertThat(pacer.admits(0, now)).isTrue();
  }

  @Test
  void noMoreGoThanTheBound() {
    work(10, 1);
    assertThat(fill(1_000_000)).isEqualTo(MOST);
  }

  @Test
  void timeWithoutRequestsIsNoEvidence() {
    work(5, 100);
    now += 3_600_000;
    work(5, 100);
    assertThat(pacer.interval(now)).isCloseTo(125, within(1e-6));
  }

  @Test
  void resultsThatComeTogetherCountAsThroughput() {
    for (int batch = 0; batch < 20; batch++) {
      for (int i = 0; i < 8; i++) {
        pacer.sent(now);
      }
      now += 800;
      for (int i = 0; i < 8; i++) {
        pacer.completed(now);
      }
    }
    assertThat(pacer.interval(now)).isBetween(80.0, 160.0);
  }

  @Test
  void silenceOfTheWorkersIsEvidence() {
    work(10, 100);
    pacer.sent(now);
    now += 5_000;
    assertThat(pacer.interval(now)).isEqualTo(6_250);
    assertThat(pacer.admits(10_000, now)).isFalse();
  }

  @Test
  void aLostRequestFreesItsPlace() {
    pacer.sent(now);
    assertThat(pacer.admits(0, now)).isFalse();
    pacer.lost();
    assertThat(pacer.admits(0, now)).isTrue();
  }

  @Test
  void fasterWorkersAreNoticedSoon() {
    work(50, 1_000);
    work(60, 10);
    assertThat(pacer.interval(now)).isLessThan(125);
  }
}
