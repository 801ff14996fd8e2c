package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
  private final List<Long> waits = new ArrayList<>();
  private long now = 1_000;

  private FramePacer pacer(double speed) {
    return new FramePacer(
        speed,
        () -> now,
        nanos -> {
          waits.add(nanos);
          now += nanos;
        });
  }

  @Test
  void framesPassAtTheirTimes() {
    FramePacer pacer = pacer(1);
    pacer.begin(500);
    pacer.await(540);
    now += 15;
    pacer.await(580);

    assertThat(waits).containsExactly(40L, 25L);
  }

  @Test
  void speedShortensTheWaits() {
    FramePacer pacer = pacer(4);
    pacer.begin(0);
    pacer.await(400);
    pacer.await(800);

    assertThat(waits).containsExactly(100L, 100L);
  }

  @Test
  void lateFramesPassAtOnceAndTheRestKeepTheirTimes() {
    FramePacer pacer = pacer(1);
    pacer.begin(0);
    now += 100;
    pacer.await(40);
    pacer.await(80);
    pacer.await(120);

    assertThat(waits).containsExactly(20L);
  }

  @Test
  void aWaitThatEndsEarlyGoesOn() {
    FramePacer pacer =
        new FramePacer(
            1,
            () -> now,
            nanos -> {
              waits.add(nanos);
              now += Math.min(nanos, 30);
            });
    pacer.begin(0);
    pacer.await(70);

    assertThat(waits).containsExactly(70L, 40L, 10L);
  }
}
