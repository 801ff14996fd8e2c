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

/**
 * Decides which files of this machine may be opened: regular files below the roots. Links are
 * resolved before the decision, so a link inside a root that leads out of it is refused, and
 * whether something exists outside cannot be found out.
 */
public final class LocalFiles {
  private final List<Path> roots;

  /** Permits what is below the roots, which are absolute; with none it permits nothing. */
  public LocalFiles(List<Path> roots) {
    this.roots = roots;
  }

  /**
   * The file that a {@code file:} URI names.
   *
   * @throws VideoException as {@link #at}, and REFUSED if the URI holds more than a path
   */
  public VideoFile named(String uri) throws VideoException {
    URI parsed = parse(uri);
    boolean local = parsed.getAuthority() == null || "localhost".equals(parsed.getAuthority());
    boolean path = parsed.getPath() != null && parsed.getPath().startsWith("/");
    if (!local || !path || parsed.getQuery() != null || parsed.getFragment() != null) {
      throw refused(
          "a file: URI may only hold an absolute path; percent-encode '?' and '#' and leave out the host");
    }
    return at(parsed.getPath());
  }

  /**
   * The file at an absolute path, which is taken as it is: no character in it has a meaning.
   *
   * @return the real path and the real root that it is below
   * @throws VideoException REFUSED if it may not be opened, UNREADABLE if there is no such file
   */
  public VideoFile at(String path) throws VideoException {
    Path real = real(requireBelowRoots(asPath(path)));
    Path root = realRootOf(real);
    if (root == null) {
      throw outsideRoots();
    }
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      throw refused("the reference names no regular file; give a video file");
    }
    return new VideoFile(root, real);
  }

  private static URI parse(String uri) throws VideoException {
    try {
      return new URI(uri);
    } catch (URISyntaxException e) {
      throw refused("the reference is no valid URI; percent-encode it or give an absolute path");
    }
  }

  private static Path asPath(String path) throws VideoException {
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw refused("the reference is no valid path; remove NUL characters");
    }
  }

  /** A first check by name only, so that nothing is looked up outside the roots. */
  private Path requireBelowRoots(Path path) throws VideoException {
    for (Path name : path) {
      if ("..".equals(name.toString())) {
        throw refused("the path holds '..'; give it without");
      }
    }
    if (roots.stream()
        .noneMatch(root -> path.startsWith(root) || path.startsWith(realRoot(root)))) {
      throw outsideRoots();
    }
    return path;
  }

  /** The real root above a real path, or null. A root that is a file itself permits nothing. */
  private Path realRootOf(Path real) {
    return roots.stream()
        .map(LocalFiles::realRoot)
        .filter(root -> real.startsWith(root) && !real.equals(root))
        .findFirst()
        .orElse(null);
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
   * Whether a link on the way leads out of the roots or to nothing. Answering "no such file" there
   * would tell what does not exist outside.
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
