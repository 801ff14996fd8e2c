package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveClockTest {
  private static final long MS = Duration.ofMillis(1).toNanos();

  private final LiveClock clock = new LiveClock(100 * MS, 5000 * MS);
  private final List<String> taken = new ArrayList<>();

  @Test
  void eachTickHasItsFirstFrame() {
    place(1000, 1040, 1080, 1120, 1160, 1200, 1240, 1280, 1320);

    assertThat(taken).containsExactly("session", "0 at 0", "1 at 120", "2 at 200", "3 at 320");
  }

  @Test
  void aFrameStandsForAllTicksThatItIsLateFor() {
    place(0, 450, 490, 500);

    assertThat(taken).containsExactly("session", "0 at 0", "1 at 450", "2 at 500");
  }

  @Test
  void jumpsBeginSessions() {
    place(0, 4999, 9999, 8000, -9_000_000);

    assertThat(taken)
        .containsExactly(
            "session",
            "0 at 0",
            "1 at 4999",
            "session",
            "0 at 0",
            "session",
            "0 at 0",
            "session",
            "0 at 0");
  }

  @Test
  void aFrameOutOfOrderDoesNotCount() {
    assertThat(clock.place(1000 * MS, 4, 4)).isTrue();
    assertThat(clock.place(1040 * MS, 4, 4)).isTrue();
    assertThat(clock.place(1040 * MS, 4, 4)).isFalse();
    assertThat(clock.place(41 * MS, 4, 4)).isFalse();
    assertThat(clock.place(1041 * MS, 4, 4)).isTrue();
    assertThat(clock.begins()).isFalse();
  }

  @Test
  void anotherSizeOrABreakBeginsASession() {
    place(0, 40);
    clock.place(80 * MS, 8, 4);
    assertThat(clock.begins()).isTrue();
    clock.endSession();
    clock.place(81 * MS, 8, 4);
    assertThat(clock.begins()).isTrue();
    clock.place(82 * MS, 8, 4);
    assertThat(clock.begins()).isFalse();
  }

  @Test
  void timesAtTheirLimitsBeginSessions() {
    clock.place(Long.MIN_VALUE + 1, 4, 4);
    clock.place(Long.MAX_VALUE, 4, 4);
    assertThat(clock.begins()).isTrue();
    assertThat(clock.sinceStart()).isZero();
  }

  private void place(long... millis) {
    for (long time : millis) {
      if (clock.place(time * MS, 4, 4)) {
        if (clock.begins()) {
          taken.add("session");
        }
        if (clock.due()) {
          taken.add("%d at %d".formatted(clock.take(), clock.sinceStart() / MS));
        }
      }
    }
  }
}
