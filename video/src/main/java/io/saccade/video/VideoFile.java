package io.saccade.video;

import java.nio.file.Path;

/**
 * A file whose opening has been permitted.
 *
 * @param root the folder that the permission covers; below it no symbolic link is followed
 * @param path the file itself, absolute, {@code root} or below it
 */
public record VideoFile(Path root, Path path) {

  /**
   * Checks that the path is the root or below it; throws {@link IllegalArgumentException}
   * otherwise.
   */
  public VideoFile {
    if (!path.isAbsolute() || !path.startsWith(root)) {
      throw new IllegalArgumentException("path = %s is not below root = %s".formatted(path, root));
    }
  }

  /** A file that the local user named; it may be anywhere on this machine, and a symbolic link. */
  public static VideoFile of(Path path) {
    Path absolute = path.toAbsolutePath();
    return new VideoFile(absolute, absolute);
  }
}
