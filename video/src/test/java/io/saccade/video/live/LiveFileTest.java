package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.saccade.video.LiveFrame;
import io.saccade.video.LiveReader;
import io.saccade.video.LiveSink;
import io.saccade.video.LiveSource;
import io.saccade.video.LiveSpec;
import io.saccade.video.ResizeRule;
import io.saccade.video.TestClip;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoLimits;
import io.saccade.video.access.AccessConfig;
import io.saccade.video.access.HttpConnection;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Follows files at their own speed, decoded in real child processes. */
@Timeout(120)
class LiveFileTest {
  private static final LiveSpec SPEC =
      new LiveSpec(
          Duration.ofMillis(200),
          64,
          ResizeRule.SQUASH,
          Duration.ofSeconds(5),
          Duration.ofMinutes(1));

  @TempDir private Path folder;
  private final LiveSessions sessions = new LiveSessions();

  @Test
  void aFileGivesTheFirstFrameOfEachTickAndEnds() throws Exception {
    Path clip = TestClip.of(50).write(folder.resolve("a.mp4"));
    try (LiveReader reader = reader()) {
      reader.follow(new LiveSource(clip.toString(), 100), SPEC, sessions, () -> false);
    }
    assertThat(sessions.all()).hasSize(1);
    LiveSessions.Session session = sessions.all().get(0);
    assertThat(session.numbers()).containsExactly(0, 5, 10, 15, 20, 25, 30, 35, 40, 45);
    assertThat(session.progress()).hasSize(50).isSorted();
    assertThat(session.facts().codedWidth()).isEqualTo(TestClip.WIDTH);
    assertThat(session.frames()).extracting(LiveFrame::index).startsWith(0L, 1L, 2L).endsWith(9L);
    assertThat(session.frames().get(9).pts()).isEqualTo(Duration.ofMillis(1800));
  }

  @Test
  void aFileThatIsNotAVideoIsNotRetried() throws Exception {
    Path text = Files.writeString(folder.resolve("a.mp4"), "words ".repeat(1000));
    try (LiveReader reader = reader()) {
      assertThatExceptionOfType(VideoException.class)
          .isThrownBy(
              () -> reader.follow(LiveSource.of(text.toString()), SPEC, sessions, () -> false))
          .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNREADABLE))
          .satisfies(e -> assertThat(e.isPassing()).isFalse());
    }
  }

  @Test
  void aSecondCrashIsNotAPassingFailure() throws Exception {
    Path clip = TestClip.of(10).write(folder.resolve("crash.mp4"));
    try (LiveReader reader = reader(TroubledLiveDecoder.class)) {
      assertThat(crash(reader, clip).isPassing()).isTrue();
      assertThat(crash(reader, clip).isPassing()).isFalse();
    }
  }

  @Test
  void aCrashAfterAFrameIsAPassingFailureEachTime() throws Exception {
    Path clip = TestClip.of(10).write(folder.resolve("frame-crash.mp4"));
    try (LiveReader reader = reader(TroubledLiveDecoder.class)) {
      assertThat(crash(reader, clip).isPassing()).isTrue();
      assertThat(crash(reader, clip).isPassing()).isTrue();
    }
    assertThat(sessions.frames()).isEqualTo(2);
  }

  @Test
  void aDecoderThatHangsIsEnded() throws Exception {
    Path clip = TestClip.of(10).write(folder.resolve("hang.mp4"));
    LiveSpec impatient =
        new LiveSpec(
            Duration.ofMillis(200),
            64,
            ResizeRule.SQUASH,
            Duration.ofMillis(500),
            Duration.ofMillis(500));
    try (LiveReader reader = reader(TroubledLiveDecoder.class)) {
      assertThatExceptionOfType(VideoException.class)
          .isThrownBy(
              () -> reader.follow(LiveSource.of(clip.toString()), impatient, sessions, () -> false))
          .satisfies(e -> assertThat(e.category()).isEqualTo(Category.TIMEOUT))
          .satisfies(e -> assertThat(e.isPassing()).isTrue());
    }
  }

  @Test
  void aFileThatWaitsForItsNextFrameCanBeCancelled() throws Exception {
    Path clip = TestClip.of(50).write(folder.resolve("a.mp4"));
    try (LiveReader reader = reader()) {
      assertThatExceptionOfType(VideoException.class)
          .isThrownBy(
              () ->
                  reader.follow(
                      new LiveSource(clip.toString(), 0.001),
                      SPEC,
                      sessions,
                      () -> sessions.frames() > 0))
          .satisfies(e -> assertThat(e.category()).isEqualTo(Category.CANCELLED));
    }
    assertThat(sessions.frames()).isEqualTo(1);
  }

  @Test
  void boundsTheSpeed() {
    for (double speed : new double[] {0, 1e-9, 0.000_999, 100.1, Double.NaN}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LiveSource("/a.mp4", speed))
          .withMessageContaining("0.001 to 100");
    }
    assertThat(new LiveSource("/a.mp4", LiveSource.MIN_SPEED).speed()).isEqualTo(0.001);
  }

  @Test
  void aFileOutsideTheRootsIsRefused() {
    try (LiveReader reader = reader()) {
      assertThatExceptionOfType(VideoException.class)
          .isThrownBy(
              () -> reader.follow(LiveSource.of("file:///etc/passwd"), SPEC, sessions, () -> false))
          .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED))
          .satisfies(e -> assertThat(e.isPassing()).isFalse());
    }
  }

  @Test
  void aSinkThatFailsEndsTheDecoder() throws Exception {
    Path clip = TestClip.of(50).write(folder.resolve("a.mp4"));
    LiveSink broken =
        new LiveSessions() {
          @Override
          public synchronized void frame(LiveFrame frame) {
            throw new IllegalStateException("full");
          }
        };
    try (LiveReader reader = reader()) {
      assertThatExceptionOfType(IllegalStateException.class)
          .isThrownBy(
              () -> reader.follow(LiveSource.of(clip.toString()), SPEC, broken, () -> false));
    }
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(ProcessHandle.current().children())
                    .noneMatch(
                        child -> child.info().commandLine().orElse("").contains("LiveProcess")));
  }

  private VideoException crash(LiveReader reader, Path clip) {
    VideoException failure =
        catchThrowableOfType(
            VideoException.class,
            () -> reader.follow(LiveSource.of(clip.toString()), SPEC, sessions, () -> false));
    assertThat(failure.category()).isEqualTo(Category.CRASHED);
    return failure;
  }

  private IsolatedLiveReader reader() {
    return reader(LiveProcess.class);
  }

  private IsolatedLiveReader reader(Class<?> main) {
    return new IsolatedLiveReader(
        new LiveConfig(AccessConfig.files(List.of(folder)), List.of(), VideoLimits.defaults()),
        InetAddress::getAllByName,
        HttpConnection.TRUSTED,
        main);
  }
}
