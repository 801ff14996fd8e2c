package io.saccade.video.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.saccade.video.VideoException;
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
    access = accessBelow(root);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a.mp4", "percent %03d é [x].mp4", "concat:a.mp4|b.mp4", "-i", "a?b#c.mp4"})
  void aPathIsTakenAsItIs(String name) throws Exception {
    Path file = Files.createFile(root.resolve(name));
    assertThat(opened(access, file.toString())).isEqualTo(file);
    assertThat(opened(access, file.toUri().toASCIIString())).isEqualTo(file);
  }

  @Test
  void aUriMayNameTheLocalHost() throws Exception {
    Path file = Files.createFile(root.resolve("a.mp4"));
    assertThat(opened(access, "file://localhost" + file)).isEqualTo(file);
    assertRefused("file://elsewhere" + file);
    assertRefused("file:" + file + "?x=1");
    assertRefused("file:a.mp4");
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
    assertThat(opened(access, link.toString())).isEqualTo(file);
  }

  @Test
  void aRootMayBeALink() throws Exception {
    Path file = Files.createFile(root.resolve("a.mp4"));
    Path alias = Files.createSymbolicLink(folder.resolve("alias"), root);
    VideoAccess byAlias = accessBelow(alias);
    assertThat(opened(byAlias, alias.resolve("a.mp4").toString())).isEqualTo(file);
    assertThat(opened(byAlias, file.toString())).isEqualTo(file);
  }

  @Test
  void doesNotRevealTheTargetOfALinkOutOfTheRoot() throws IOException {
    Files.createFile(folder.resolve("secret.mp4"));
    Files.createSymbolicLink(root.resolve("out"), folder);
    Files.createSymbolicLink(root.resolve("in"), Files.createDirectory(root.resolve("inner")));
    Files.createSymbolicLink(root.resolve("inner/dangling"), folder.resolve("absent"));

    String there = messageOf(root + "/out/secret.mp4");
    assertThat(messageOf(root + "/out/absent.mp4")).isEqualTo(there);
    assertThat(messageOf(root + "/out/absent/a.mp4")).isEqualTo(there);
    assertThat(messageOf(root + "/in/dangling")).isEqualTo(there);
    assertThat(messageOf(root + "/in/dangling/a.mp4")).isEqualTo(there);
    assertThat(messageOf(root + "/in/absent.mp4")).isEqualTo("no such file");
  }

  @Test
  void onlyRegularFiles() throws IOException {
    assertRefused(root.toString());
    assertRefused(accessBelow(Path.of("/dev")), "/dev/zero");
    Path file = Files.createFile(folder.resolve("root.mp4"));
    assertRefused(accessBelow(file), file.toString());
  }

  @Test
  void noRootsAllowNothing() throws IOException {
    Path file = Files.createFile(root.resolve("a.mp4"));
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> opened(accessBelow(), file.toString()))
        .withMessageContaining("add its folder to the allowed roots");
  }

  @Test
  void aMissingFileBelowARootIsUnreadable() {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> opened(access, root.resolve("absent.mp4").toString()))
        .withMessage("no such file")
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNREADABLE));
  }

  @Test
  void aFileOfTheUsersOwnStaysWhenItIsClosed() throws Exception {
    Path file = Files.createFile(root.resolve("a.mp4"));
    access.open(file.toString(), () -> false).close();
    assertThat(file).exists();
  }

  private static VideoAccess accessBelow(Path... roots) {
    return new VideoAccess(AccessConfig.files(List.of(roots)));
  }

  private static Path opened(VideoAccess access, String reference) throws VideoException {
    try (OpenedVideo video = access.open(reference, () -> false)) {
      return video.file().path();
    }
  }

  private void assertRefused(String reference) {
    assertRefused(access, reference);
  }

  private static void assertRefused(VideoAccess access, String reference) {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> opened(access, reference))
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }

  private String messageOf(String reference) {
    return catchThrowableOfType(VideoException.class, () -> opened(access, reference)).getMessage();
  }
}
