package io.saccade.video;

import io.saccade.video.VideoException.Category;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Decides what a stranger's URI may open: regular files below the allowed roots, and nothing else.
 * Links are resolved before the decision, so a link inside a root that leads out of it is refused.
 *
 * @param roots folders below which files may be opened, absolute; empty refuses everything
 */
public record VideoAccess(List<Path> roots) {
  private static final Pattern SCHEME =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*", Pattern.DOTALL);

  /** Copies the list and makes the roots absolute. */
  public VideoAccess {
    roots = roots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
  }

  /**
   * The file that a reference names.
   *
   * @param reference a {@code file:} URI or an absolute path; a path is taken as it is, no
   *     character in it has a meaning
   * @return the real path of a regular file below a root
   * @throws VideoException REFUSED if it may not be opened, UNREADABLE if there is no such file
   */
  public VideoFile resolve(String reference) throws VideoException {
    Path path = reference.startsWith("/") ? asPath(reference) : fromUri(reference);
    Path inRoots = requireBelowRoots(path);
    Path real = requireBelowRealRoots(realPath(inRoots));
    if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
      throw refused("the reference names no regular file; give a video file");
    }
    return VideoFile.of(real);
  }

  private static Path fromUri(String reference) throws VideoException {
    if (!SCHEME.matcher(reference).matches()) {
      throw refused("the reference is a relative path; give an absolute path or a file: URI");
    }
    URI uri = parse(reference);
    if (!"file".equalsIgnoreCase(uri.getScheme())) {
      throw refused(
          "scheme '%s' is not allowed; copy the video below an allowed root and give its file: URI"
              .formatted(uri.getScheme()));
    }
    boolean local = uri.getAuthority() == null || "localhost".equals(uri.getAuthority());
    if (!local || uri.getPath() == null || uri.getQuery() != null || uri.getFragment() != null) {
      throw refused(
          "a file: URI may only hold a path; percent-encode '?' and '#' and leave out the host");
    }
    return asPath(uri.getPath());
  }

  private static URI parse(String reference) throws VideoException {
    try {
      return new URI(reference);
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

  /** A first check by name only, so that what lies outside the roots cannot be found out. */
  private Path requireBelowRoots(Path path) throws VideoException {
    for (Path name : path) {
      if ("..".equals(name.toString())) {
        throw refused("the path holds '..'; give it without");
      }
    }
    if (roots.stream().noneMatch(root -> path.startsWith(root) || path.startsWith(real(root)))) {
      throw outsideRoots();
    }
    return path;
  }

  private Path requireBelowRealRoots(Path path) throws VideoException {
    if (roots.stream().noneMatch(root -> path.startsWith(real(root)))) {
      throw outsideRoots();
    }
    return path;
  }

  private static Path real(Path root) {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      return root; // a root that does not exist has nothing below it
    }
  }

  private static Path realPath(Path path) throws VideoException {
    try {
      return path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new VideoException(Category.UNREADABLE, "no such file");
    } catch (IOException e) {
      throw new VideoException(
          Category.UNREADABLE, "the file cannot be reached; check its permissions", 0, e);
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
