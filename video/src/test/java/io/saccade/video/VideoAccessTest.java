package io.saccade.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.saccade.video.VideoException.Category;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VideoAccessTest {
  @TempDir Path folder;
  private Path root;
  private VideoAccess access;

  @BeforeEach
  void makeRoot() throws IOException {
    folder = folder.toRealPath();
    root = Files.createDirectory(folder.resolve("videos"));
    access = new VideoAccess(List.of(root));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.mp4", "percent %03d é [x].mp4", "concat:a.mp4|b.mp4", "-i", "a?b#c.mp4"})
  void aPathIsTakenAsItIs(String name) throws Exception {
    Path file = Files.createFile(root.resolve(name));
    assertThat(access.resolve(file.toString()).path()).isEqualTo(file);
    assertThat(access.resolve(file.toUri().toASCIIString()).path()).isEqualTo(file);
  }

  @Test
  void aUriMayNameTheLocalHost() throws Exception {
    Path file = Files.createFile(root.resolve("a.mp4"));
    assertThat(access.resolve("file://localhost" + file).path()).isEqualTo(file);
    assertRefused("file://elsewhere" + file);
    assertRefused("file:" + file + "?x=1");
    assertRefused("file:a.mp4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/a.mp4",
        "HTTPS://example.com/a",
        "concat:a|b",
        "pipe:0",
        "fd:",
        "data:,x",
        "rtsp://camera/1",
        "subfile,,start,0,end,0,,:/etc/passwd",
        "relative.mp4",
        "",
        "http:// bad"
      })
  void everythingElseIsRefused(String reference) {
    assertRefused(reference);
  }

  @Test
  void nothingOutsideTheRootsIsSeen() throws IOException {
    Files.createFile(folder.resolve("secret.mp4"));
    assertRefused(folder.resolve("secret.mp4").toString());
    assertRefused(folder.resolve("absent.mp4").toString());
    assertRefused(root + "/../secret.mp4");
    assertRefused(folder + "/videos-not/a.mp4");
  }

  @Test
  void aLinkOutOfTheRootIsRefused() throws IOException {
    Path secret = Files.createFile(folder.resolve("secret.mp4"));
    Path link = Files.createSymbolicLink(root.resolve("link.mp4"), secret);
    assertRefused(link.toString());
  }

  @Test
  void aLinkWithinTheRootIsFollowed() throws Exception {
    Path file = Files.createFile(root.resolve("a.mp4"));
    Path link = Files.createSymbolicLink(root.resolve("link.mp4"), file);
    assertThat(access.resolve(link.toString()).path()).isEqualTo(file);
  }

  @Test
  void aRootMayBeALink() throws Exception {
    Path file = Files.createFile(root.resolve("a.mp4"));
    Path alias = Files.createSymbolicLink(folder.resolve("alias"), root);
    VideoAccess byAlias = new VideoAccess(List.of(alias));
    assertThat(byAlias.resolve(alias.resolve("a.mp4").toString()).path()).isEqualTo(file);
    assertThat(byAlias.resolve(file.toString()).path()).isEqualTo(file);
  }

  @Test
  void onlyRegularFiles() {
    assertRefused(root.toString());
    VideoAccess devices = new VideoAccess(List.of(Path.of("/dev")));
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> devices.resolve("/dev/zero"))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }

  @Test
  void noRootsAllowNothing() throws IOException {
    Path file = Files.createFile(root.resolve("a.mp4"));
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> new VideoAccess(List.of()).resolve(file.toString()))
        .withMessageContaining("add its folder to the allowed roots");
  }

  @Test
  void aMissingFileBelowARootIsUnreadable() {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> access.resolve(root.resolve("absent.mp4").toString()))
        .withMessage("no such file")
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNREADABLE));
  }

  private void assertRefused(String reference) {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> access.resolve(reference))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }
}
