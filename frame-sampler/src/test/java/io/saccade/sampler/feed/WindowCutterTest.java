package io.saccade.sampler.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.proto.v1.FrameEntry;
import io.saccade.sampler.record.SentFrame;
import io.saccade.video.LiveFrame;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Windows of 1 s with 4 ticks, unless a test says otherwise; times in milliseconds. */
class WindowCutterTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final long MS = 1_000_000;

  private final List<FeedWindow> windows = new ArrayList<>();
  private final List<Long> sent = new ArrayList<>();
  private int room = Integer.MAX_VALUE;
  private long index;

  @Test
  void aWindowIsReadyWhenAFrameBehindItComes() {
    WindowCutter cutter = cutter(4);
    frames(cutter, 0, 250, 500, 750);
    assertThat(windows).isEmpty();

    frames(cutter, 1_000);

    assertThat(windows).hasSize(1);
    FeedWindow window = windows.get(0);
    assertThat(window.number()).isZero();
    assertThat(window.session()).isEqualTo("session");
    assertThat(window.from()).isZero();
    assertThat(window.to()).isEqualTo(1_000 * MS);
    assertThat(window.begin()).isEqualTo(received(0));
    assertThat(window.end()).isEqualTo(received(1_000));
    assertThat(times(window)).containsExactly(0L, 250L, 500L, 750L);
  }

  @Test
  void aWindowIsReadyWhenTheSourceSaysSo() {
    WindowCutter cutter = cutter(4);
    frames(cutter, 0, 250, 500, 750);

    cutter.progress(999 * MS);
    assertThat(windows).isEmpty();
    cutter.progress(1_000 * MS);

    assertThat(windows).hasSize(1);
    assertThat(windows.get(0).end()).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void windowsThatOverlapNameTheSameFrames() {
    WindowCutter cutter = cutter(2);
    frames(cutter, 0, 250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000);

    assertThat(windows).extracting(FeedWindow::number).containsExactly(0L, 1L, 2L);
    assertThat(times(windows.get(1))).containsExactly(500L, 750L, 1_000L, 1_250L);
    assertThat(windows.get(1).positions().get(0)).isSameAs(windows.get(0).positions().get(2));
    assertThat(sent).as("each frame once").doesNotHaveDuplicates().hasSize(9);
  }

  @Test
  void framesBetweenWindowsAreNotSent() {
    WindowCutter cutter = cutter(8);
    frames(cutter, 0, 250, 500, 750, 1_000, 1_250, 1_500, 1_750, 2_000, 2_250, 2_500, 2_750, 3_000);

    assertThat(sent).containsExactly(0L, 250L, 500L, 750L, 2_000L, 2_250L, 2_500L, 2_750L);
    assertThat(windows).extracting(FeedWindow::from).containsExactly(0L, 2_000 * MS);
  }

  @Test
  void aSlowSourceRepeatsItsFrames() {
    WindowCutter cutter = cutter(4);
    frames(cutter, 0, 600, 1_300, 2_000);

    assertThat(times(windows.get(0))).containsExactly(0L, 0L, 600L, 600L);
    assertThat(times(windows.get(1)))
        .as("the first one stands for the slots before it, too")
        .containsExactly(1_300L, 1_300L, 1_300L, 1_300L);
    assertThat(windows.get(1).begin()).isEqualTo(received(1_300));
  }

  @Test
  void aSlotHasOneFrame() {
    WindowCutter cutter = cutter(4);
    frames(cutter, 0, 100, 240, 250, 499, 1_000);

    assertThat(sent).containsExactly(0L, 250L, 1_000L);
  }

  @Test
  void aWindowWithoutFramesIsLeftOut() {
    WindowCutter cutter = cutter(4);
    frames(cutter, 0, 5_100, 6_000);

    assertThat(windows).extracting(FeedWindow::number).containsExactly(0L, 5L);
  }

  @Test
  void theSessionsEndPublishesTheOldestWindowShort() {
    WindowCutter cutter = cutter(2);
    frames(cutter, 0, 250, 500, 750, 1_000, 1_300);

    cutter.end();

    assertThat(windows).extracting(FeedWindow::number).containsExactly(0L, 1L);
    FeedWindow last = windows.get(1);
    assertThat(times(last)).containsExactly(500L, 750L, 1_000L, 1_300L);
    assertThat(last.to()).isEqualTo(1_500 * MS);
    assertThat(last.end()).isEqualTo(received(1_300));
  }

  @Test
  void theSessionsEndPublishesNothingThatIsKnownAlready() {
    WindowCutter cutter = cutter(2);
    frames(cutter, 0, 250, 500, 750);
    cutter.progress(1_000 * MS);

    cutter.end();

    assertThat(windows).as("500 and 750 were in the first one").hasSize(1);
  }

  @Test
  void aShortWindowHasTheSlotsThatThereWere() {
    WindowCutter cutter = cutter(4);
    frames(cutter, 0, 600);

    cutter.end();

    assertThat(times(windows.get(0))).containsExactly(0L, 0L, 600L);
    assertThat(windows.get(0).to()).isEqualTo(750 * MS);
  }

  @Test
  void aSessionWithoutFramesHasNoWindows() {
    WindowCutter cutter = cutter(4);
    cutter.progress(20_000 * MS);
    cutter.end();

    assertThat(windows).isEmpty();
  }

  @Test
  void aFrameWithoutRoomTakesItsWindowsWithIt() {
    WindowCutter cutter = cutter(2);
    frames(cutter, 0, 250, 500, 750, 1_000);
    room = 0;
    frames(cutter, 1_250); // of windows 1 and 2
    room = Integer.MAX_VALUE;
    frames(cutter, 1_500, 1_750, 2_000, 2_250, 2_500);

    assertThat(cutter.dropped()).isEqualTo(2);
    assertThat(windows).extracting(FeedWindow::number).containsExactly(0L, 3L);
    assertThat(times(windows.get(1))).containsExactly(1_500L, 1_750L, 2_000L, 2_250L);
  }

  @Test
  void noFrameOfADroppedWindowIsSent() {
    WindowCutter cutter = cutter(4);
    room = 0;
    frames(cutter, 0);
    room = Integer.MAX_VALUE;
    frames(cutter, 250, 500, 750, 1_000);

    assertThat(cutter.dropped()).isEqualTo(1);
    assertThat(sent).containsExactly(1_000L);
    cutter.progress(2_000 * MS);
    assertThat(windows).extracting(FeedWindow::number).containsExactly(1L);
  }

  @Test
  void aWindowMayEndWithinASlot() {
    Cadence cadence = new Cadence(500 * MS, 3, 3, 1_200 * MS);
    WindowCutter cutter = cutter(cadence);
    frames(cutter, 0, 500, 1_250, 1_500);

    assertThat(times(windows.get(0))).containsExactly(0L, 500L, 500L);
    assertThat(sent).containsExactly(0L, 500L, 1_500L);
  }

  /** Against the definition, for random sources, cadences and losses. */
  @Test
  void eachWindowIsWhatItsTimeSays() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      windows.clear();
      sent.clear();
      index = 0;
      int hop = 1 + random.nextInt(10);
      WindowCutter cutter = cutter(hop);
      long lost = 0;
      for (long pts = 0; pts < 20_000; pts += 1 + random.nextInt(700)) {
        room = random.nextInt(20) == 0 ? 0 : 1;
        frames(cutter, pts);
      }
      cutter.end();

      for (FeedWindow window : windows) {
        assertThat(window.from()).isEqualTo(window.number() * hop * 250 * MS);
        assertThat(times(window)).isSorted();
        assertThat(List.copyOf(new java.util.LinkedHashSet<>(times(window))))
            .as("all sent frames of its time, and no other")
            .isEqualTo(
                sent.stream()
                    .filter(pts -> pts * MS >= window.from() && pts * MS < window.to())
                    .toList());
        lost++;
      }
      assertThat(windows).extracting(FeedWindow::number).isSorted().doesNotHaveDuplicates();
      assertThat(lost).isPositive();
    }
  }

  private WindowCutter cutter(int hop) {
    return cutter(new Cadence(250 * MS, 4, hop, 1_000 * MS));
  }

  private WindowCutter cutter(Cadence cadence) {
    Clock clock = Clock.fixed(START.plusSeconds(60), ZoneOffset.UTC);
    return new WindowCutter("session", cadence, this::write, windows::add, clock);
  }

  private Optional<SentFrame> write(long slot, LiveFrame frame) {
    if (room-- <= 0) {
      return Optional.empty();
    }
    sent.add(frame.pts().toMillis());
    return Optional.of(
        new SentFrame(
            slot,
            frame.pts().toNanos(),
            frame.received(),
            FrameEntry.getDefaultInstance(),
            new CompletableFuture<>()));
  }

  private void frames(WindowCutter cutter, long... times) {
    LongStream.of(times)
        .mapToObj(
            pts ->
                new LiveFrame(
                    index++, Duration.ofMillis(pts), received(pts), 1, 1, ByteBuffer.allocate(3)))
        .forEach(cutter::frame);
  }

  private static Instant received(long pts) {
    return START.plusMillis(pts + 40);
  }

  private static List<Long> times(FeedWindow window) {
    return window.positions().stream().map(frame -> frame.pts() / MS).toList();
  }
}
