package io.saccade.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.video.VideoException.Category;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files at their own pace, decoded in real processes. */
@Timeout(120)
class LiveFileTest {
  private static final LiveSpec SPEC =
      new LiveSpec(
          Duration.ofMillis(200),
          64,
          ResizeRule.SQUASH,
          Duration.ofSeconds(5),
          Duration.ofSeconds(20));

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
    assertThat(session.frames())
        .extracting(LiveFrame::index)
        .containsExactlyElementsOf(java.util.stream.LongStream.range(0, 10).boxed().toList());
    assertThat(session.frames().get(9).pts()).isEqualTo(Duration.ofMillis(1800));
  }

  @Test
  void whatIsNoVideoIsNotTriedAgain() throws Exception {
    Path text = Files.writeString(folder.resolve("a.mp4"), "words ".repeat(1000));
    try (LiveReader reader = reader()) {
      assertThatExceptionOfType(VideoException.class)
          .isThrownBy(
              () -> reader.follow(LiveSource.of(text.toString()), SPEC, sessions, () -> false))
          .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNREADABLE))
          .satisfies(e -> assertThat(e.isPassing()).isFalse());
    }
  }

  private IsolatedLiveReader reader() {
    return new IsolatedLiveReader(
        new LiveConfig(AccessConfig.files(List.of(folder)), List.of(), VideoLimits.defaults()));
  }
}
