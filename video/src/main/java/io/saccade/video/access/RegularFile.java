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
 * Opens what a {@link VideoFile} permits. Below its root each name is opened in the folder that was
 * opened before it ({@code openat} with {@code O_NOFOLLOW}), so that it does not matter what is
 * moved or linked between the check of the path and its use.
 */
public final class RegularFile {

  private RegularFile() {}

  /**
   * Opens the file for reading. A pipe or device is refused before it is opened, because that could
   * block for ever; who may write to the folder and exchanges the file for a pipe in that very
   * instant holds up one thread and learns nothing.
   *
   * @throws VideoException REFUSED if it is no regular file or a link stands on the way to it
   * @throws IOException if it is not there or cannot be opened
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

  /** Walks down from a folder, which is closed on the way as all the others are. */
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
          Category.REFUSED, "a folder on the way to the file has become something else; try again");
    }
  }

  private static void requireRegular(BasicFileAttributes attributes) throws VideoException {
    if (!attributes.isRegularFile()) {
      throw new VideoException(Category.REFUSED, "not a regular file; give a video file");
    }
  }
}
