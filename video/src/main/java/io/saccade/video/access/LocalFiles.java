package io.saccade.video.access;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.VideoFile;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Decides which files of this machine may be opened: regular files below the roots. Links are
 * resolved before the decision, so a link inside a root that leads out of it is refused, and the
 * failures do not reveal whether a file outside the roots exists. Public for the package {@code
 * live} only.
 */
public final class LocalFiles {
  private final List<Path> roots;

  /** Permits files below the roots, which are absolute; without roots, no file. */
  public LocalFiles(List<Path> roots) {
    this.roots = roots;
  }

  /**
   * Returns the file that a {@code file:} URI names.
   *
   * @throws VideoException as {@link #at}, and REFUSED if the URI has more than a path
   */
  public VideoFile named(String uri) throws VideoException {
    URI parsed = parse(uri);
    boolean local = parsed.getAuthority() == null || "localhost".equals(parsed.getAuthority());
    boolean path = parsed.getPath() != null && parsed.getPath().startsWith("/");
    if (!local || !path || parsed.getQuery() != null || parsed.getFragment() != null) {
      throw refused(
          "a file: URI may only have an absolute path; percent-encode '?' and '#' and leave out the host");
    }
    return at(parsed.getPath());
  }

  /**
   * Returns the file at an absolute path, which is used literally: no character in it is special.
   *
   * @return the file by its real path, with the real path of its root
   * @throws VideoException REFUSED if the file may not be opened, UNREADABLE if there is no such
   *     file
   */
  public VideoFile at(String path) throws VideoException {
    Path real = real(requireBelowRoots(asPath(path)));
    Path root = realRootOf(real).orElseThrow(LocalFiles::outsideRoots);
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      throw refused("the reference does not name a regular file; give a video file");
    }
    return new VideoFile(root, real);
  }

  private static URI parse(String uri) throws VideoException {
    try {
      return new URI(uri);
    } catch (URISyntaxException e) {
      throw refused("the reference is not a valid URI; percent-encode it or give an absolute path");
    }
  }

  private static Path asPath(String path) throws VideoException {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw refused("the reference is not a valid path; remove NUL characters");
    }
  }

  /** A first check by name only, so that no file outside the roots is accessed. */
  private Path requireBelowRoots(Path path) throws VideoException {
    for (Path name : path) {
      if ("..".equals(name.toString())) {
        throw refused("the path contains '..'; give it without");
      }
    }
    if (roots.stream()
        .noneMatch(root -> path.startsWith(root) || path.startsWith(realRoot(root)))) {
      throw outsideRoots();
    }
    return path;
  }

  /** Returns the real root above a real path. A root that is itself a file permits nothing. */
  private Optional<Path> realRootOf(Path real) {
    return roots.stream()
        .map(LocalFiles::realRoot)
        .filter(root -> real.startsWith(root) && !real.equals(root))
        .findFirst();
  }

  private static Path realRoot(Path root) {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      return root; // a root that does not exist has nothing below it
    }
  }

  private Path real(Path path) throws VideoException {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      if (linksOut(path)) {
        throw outsideRoots();
      }
      throw unreachable(e);
    }
  }

  private static VideoException unreachable(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new VideoException(Category.UNREADABLE, "no such file", 0, cause);
    }
    if (cause instanceof AccessDeniedException) {
      return new VideoException(
          Category.UNREADABLE, "the file cannot be reached; check its permissions", 0, cause);
    }
    return VideoException.passing(
        Category.UNREADABLE, "the file cannot be reached; check the disk that it is on", cause);
  }

  /**
   * Whether a link in the path leads out of the roots or to no file. Answering "no such file" in
   * that case would reveal what does not exist outside the roots.
   */
  private boolean linksOut(Path path) {
    for (Path prefix = path; prefix != null && !isRoot(prefix); prefix = prefix.getParent()) {
      if (Files.isSymbolicLink(prefix) && !isReachable(prefix)) {
        return true;
      }
    }
    return false;
  }

  private boolean isRoot(Path path) {
    return roots.stream().anyMatch(root -> path.equals(root) || path.equals(realRoot(root)));
  }

  private boolean isReachable(Path link) {
    try {
      Path real = link.toRealPath();
      return roots.stream().anyMatch(root -> real.startsWith(realRoot(root)));
    } catch (IOException e) {
      return false;
    }
  }

  private static VideoException outsideRoots() {
    return refused(
        "the path is below no allowed root; move the video or add its folder to the allowed roots (--allow-root)");
  }

  private static VideoException refused(String message) {
    return new VideoException(Category.REFUSED, message);
  }
}
