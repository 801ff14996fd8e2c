package io.saccade.video;

import java.nio.file.Path;

/**
 * A file that may be opened.
 *
 * @param root the folder that stands for the permission: below it no symbolic link is followed
 * @param path the file itself, absolute, {@code root} or below it
 */
public record VideoFile(Path root, Path path) {

  /** Checks that the file lies below the root. */
  public VideoFile {
    if (!path.isAbsolute() || !path.startsWith(root)) {
      throw new IllegalArgumentException("path = %s is not below root = %s".formatted(path, root));
    }
  }

  /** A file that its user named on this machine, which may be anywhere and a link. */
  public static VideoFile of(Path path) {
    Path absolute = path.toAbsolutePath();
    return new VideoFile(absolute, absolute);
  }
}
