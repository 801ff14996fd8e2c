package io.saccade.video.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import io.saccade.video.VideoLimits;
import io.saccade.video.WorkBudget;
import io.saccade.video.decode.Demuxer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes a permitted file between the check of its path and its opening. */
@Timeout(60)
class RegularFileTest {
  @TempDir Path folder;
  private Path root;
  private Path file;
  private VideoFile permitted;

  @BeforeEach
  void permitAFile() throws Exception {
    folder = folder.toRealPath();
    root = Files.createDirectory(folder.resolve("videos"));
    Files.createDirectories(root.resolve("day/hour"));
    file = Files.writeString(root.resolve("day/hour/a.mp4"), "mine");
    Files.createDirectories(folder.resolve("secrets/hour"));
    Files.writeString(folder.resolve("secrets/hour/a.mp4"), "secret");
    VideoAccess access = new VideoAccess(AccessConfig.files(List.of(root)));
    permitted = access.open(file.toString(), () -> false).file();
  }

  @Test
  void thePermittedFileIsRead() throws Exception {
    assertThat(permitted).isEqualTo(new VideoFile(root, file));
    assertThat(read(permitted)).isEqualTo("mine");
  }

  @Test
  void aFolderExchangedForALinkIsNotFollowed() throws IOException {
    Files.move(root.resolve("day"), root.resolve("moved"));
    Files.createSymbolicLink(root.resolve("day"), folder.resolve("secrets"));

    assertThat(Files.readString(file)).isEqualTo("secret"); // as a plain open would have it
    assertRefused(permitted);
    assertSamplerRefuses();
  }

  @Test
  void aFileExchangedForALinkIsNotFollowed() throws IOException {
    Files.delete(file);
    Files.createSymbolicLink(file, folder.resolve("secrets/hour/a.mp4"));

    assertRefused(permitted);
    assertSamplerRefuses();
  }

  @Test
  void aFolderExchangedForAFileIsRefused() throws IOException {
    Files.move(root.resolve("day"), root.resolve("moved"));
    Files.writeString(root.resolve("day"), "no folder");

    assertRefused(permitted);
  }

  @Test
  void aPipeIsRefusedBeforeItBlocks() throws Exception {
    Files.delete(file);
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();

    assertRefused(permitted);
    assertRefused(VideoFile.of(file));
  }

  @Test
  void aDeletedFileIsMissing() throws IOException {
    Files.delete(file);

    assertThatThrownBy(() -> RegularFile.open(permitted)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> RegularFile.open(VideoFile.of(file)))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFileOfTheUsersOwnMayBeALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link.mp4"), file);

    assertThat(read(VideoFile.of(link))).isEqualTo("mine");
  }

  @Test
  void aFileMayLieDirectlyInTheRoot() throws Exception {
    Path top = Files.writeString(root.resolve("top.mp4"), "top");

    assertThat(read(new VideoFile(root, top))).isEqualTo("top");
  }

  private static String read(VideoFile video) throws Exception {
    try (SeekableByteChannel channel = RegularFile.open(video)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      assertThat(channel.read(bytes)).isEqualTo(bytes.capacity());
      return new String(bytes.array(), StandardCharsets.UTF_8);
    }
  }

  private static void assertRefused(VideoFile video) {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> RegularFile.open(video))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }

  private void assertSamplerRefuses() {
    WorkBudget budget = new WorkBudget(Duration.ofMinutes(1), () -> false);
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> Demuxer.open(permitted, VideoLimits.defaults(), budget))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }
}
