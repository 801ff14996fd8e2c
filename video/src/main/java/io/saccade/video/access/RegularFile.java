package io.saccade.video.access;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Opens the file of a {@link VideoFile}. Below its root, each name of the path is opened relative
 * to the folder opened before it ({@code openat} with {@code O_NOFOLLOW}), so that moving or
 * linking files between the check of the path and its use has no effect. Public for the package
 * {@code decode} only.
 */
public final class RegularFile {

  private RegularFile() {}

  /**
   * Opens the file for reading. A pipe or device is refused before it is opened, because opening it
   * could block for ever. A process that may write to the folder and replaces the file by a pipe
   * between the check and the opening can block one thread, but learns nothing.
   *
   * @throws VideoException REFUSED if it is not a regular file or its path contains a link
   * @throws IOException if it does not exist or cannot be opened
   */
  public static SeekableByteChannel open(VideoFile video) throws IOException, VideoException {
    Path path = video.path();
    if (path.equals(video.root())) {
      requireRegular(Files.readAttributes(path, BasicFileAttributes.class));
      return FileChannel.open(path, StandardOpenOption.READ);
    }
    try (DirectoryStream<Path> root = Files.newDirectoryStream(video.root())) {
      return openBelow(secure(root), video.root().relativize(path));
    }
  }

  /**
   * Opens the folders of the path one after the other and closes each of them, {@code root}
   * included.
   */
  private static SeekableByteChannel openBelow(SecureDirectoryStream<Path> root, Path names)
      throws IOException, VideoException {
    SecureDirectoryStream<Path> folder = root;
    try {
      int last = names.getNameCount() - 1;
      for (int i = 0; i < last; i++) {
        SecureDirectoryStream<Path> next = enter(folder, names.getName(i));
        folder.close();
        folder = next;
      }
      return openIn(folder, names.getName(last));
    } finally {
      folder.close();
    }
  }

  private static SecureDirectoryStream<Path> enter(SecureDirectoryStream<Path> folder, Path name)
      throws IOException, VideoException {
    requireFolder(attributes(folder, name));
    return folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
  }

  private static SeekableByteChannel openIn(SecureDirectoryStream<Path> folder, Path name)
      throws IOException, VideoException {
    requireRegular(attributes(folder, name));
    return folder.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> folder)
      throws IOException {
    if (folder instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IOException("the root's file system cannot open files relative to a folder");
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> folder, Path name)
      throws IOException {
    return folder
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  private static void requireFolder(BasicFileAttributes attributes) throws VideoException {
    if (!attributes.isDirectory()) {
      throw new VideoException(
          Category.REFUSED, "a folder of the path was replaced by something else; try again");
    }
  }

  private static void requireRegular(BasicFileAttributes attributes) throws VideoException {
    if (!attributes.isRegularFile()) {
      throw new VideoException(Category.REFUSED, "not a regular file; give a video file");
    }
  }
}
