package io.saccade.router.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class WorkerAdmissionTest {

  private static final int MOST = 8;

  private final WorkerAdmission admission = new WorkerAdmission(MOST);
  private long now = 1_000;

  /** Sends requests one after another, each after the result of the one before. */
  private void work(int results, long each) {
    for (int i = 0; i < results; i++) {
      admission.sent(now);
      now += each;
      admission.completed(now);
    }
  }

  /** Sends as many requests as are admitted. */
  private int fill(long maxWait) {
    int sent = 0;
    while (admission.admits(maxWait, now)) {
      admission.sent(now);
      sent++;
    }
    return sent;
  }

  @Test
  void admitsOneRequestWhileNothingIsMeasured() {
    assertThat(fill(0)).isEqualTo(1);
    assertThat(admission.admits(1_000_000, now)).isFalse();
  }

  @Test
  void admitsAsManyRequestsAsAreAnsweredInTime() {
    work(10, 100);
    // Four times 125 ms, with the headroom.
    assertThat(fill(510)).isEqualTo(4);
    assertThat(fill(500)).isZero();
    for (int lost = 0; lost < 4; lost++) {
      assertThat(admission.admits(0, now)).isFalse();
      admission.lost();
    }
    assertThat(admission.admits(0, now)).isTrue();
  }

  @Test
  void admitsNoMoreThanTheBound() {
    work(10, 1);
    assertThat(fill(1_000_000)).isEqualTo(MOST);
  }

  @Test
  void timeWithoutRequestsIsNotMeasured() {
    work(5, 100);
    now += 3_600_000;
    work(5, 100);
    assertThat(admission.interval(now)).isCloseTo(125, within(1e-6));
  }

  @Test
  void resultsThatComeTogetherCountAsThroughput() {
    for (int batch = 0; batch < 20; batch++) {
      for (int i = 0; i < 8; i++) {
        admission.sent(now);
      }
      now += 800;
      for (int i = 0; i < 8; i++) {
        admission.completed(now);
      }
    }
    assertThat(admission.interval(now)).isBetween(80.0, 160.0);
  }

  @Test
  void timeSinceTheLastResultIsMeasured() {
    work(10, 100);
    admission.sent(now);
    now += 5_000;
    assertThat(admission.interval(now)).isEqualTo(6_250);
    assertThat(admission.admits(10_000, now)).isFalse();
  }

  @Test
  void aLostRequestFreesItsPlace() {
    admission.sent(now);
    assertThat(admission.admits(0, now)).isFalse();
    admission.lost();
    assertThat(admission.admits(0, now)).isTrue();
  }

  @Test
  void fasterWorkersAreMeasuredSoon() {
    work(50, 1_000);
    work(60, 10);
    assertThat(admission.interval(now)).isLessThan(125);
  }
}
