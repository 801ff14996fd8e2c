package io.saccade.ingest;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a user may name a video by, and the ids that come from it. */
public final class VideoUri {

  /** A scheme followed by a path from the root: anything else is a file's name, however odd. */
  private static final Pattern URI_FORM = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");

  /** What stands before a host. */
  private static final Pattern USER = Pattern.compile("//[^/?#]*@");

  private static final Set<String> LIVE_SCHEMES = Set.of("rtsp", "rtsps", "udp");
  private static final int NAME_LENGTH = 40;
  private static final int HASH_LENGTH = 8;

  private VideoUri() {}

  /**
   * Makes a URI of what a user wrote. A path becomes an absolute {@code file:} URI, also for names
   * that look like something else, such as {@code concat:a.mp4|b.mp4} or {@code percent %03d.mp4}.
   * Whether the file exists is the sampler's business: it may see other disks.
   *
   * @param written a path, relative to the working directory or absolute, or a URI ({@code
   *     scheme:/...})
   * @throws IllegalArgumentException if it is neither, if it names a source that is always live, or
   *     if it holds a user or a password, which everybody who reads the log would see and no
   *     sampler uses
   */
  public static String of(String written) {
    URI uri = parse(written);
    if (LIVE_SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "a video at " + uri.getScheme() + ": is live; publish it with --live");
    }
    return withoutSecrets(uri).toString();
  }

  /**
   * Makes a URI of what a user wrote for a live feed: as {@link #of}, and {@code rtsp:}, {@code
   * rtsps:} and {@code udp:}. The first two may hold a user and a password, since cameras ask for
   * them; who reads the topic reads them.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public static String live(String written) {
    URI uri = parse(written);
    boolean camera = uri.getScheme().toLowerCase(Locale.ROOT).startsWith("rtsp");
    return (camera ? uri : withoutSecrets(uri)).toString();
  }

  /** A URI as it may be shown: without user and password. */
  public static String shown(String uri) {
    return USER.matcher(uri).replaceFirst("//");
  }

  private static URI parse(String written) {
    if (written.isBlank()) {
      throw new IllegalArgumentException("the video has no name; give a path or a URI");
    }
    if (!URI_FORM.matcher(written).matches()) {
      // Not Path.toUri(), which asks the disk and adds a slash to folders.
      return fileUri(Path.of(written).toAbsolutePath().normalize());
    }
    try {
      return new URI(written);
    } catch (URISyntaxException e) { // its message would show a password
      throw new IllegalArgumentException(
          "the video's URI is none: " + e.getReason() + " at character " + e.getIndex(), e);
    }
  }

  /**
   * An id for a video that was given none: the file's name, for people, and a hash of the URI
   * without user and password, so that the same URI always has the same id and another hardly ever
   * has it.
   */
  public static String idOf(String uri) {
    String name = URI.create(uri).getPath();
    String last = name == null ? "" : name.substring(name.lastIndexOf('/') + 1);
    String readable =
        last.replaceFirst("\\.[A-Za-z0-9]{1,5}$", "")
            .replaceAll("[^\\p{L}\\p{N}._-]+", "-")
            .replaceAll("^-+|-+$", "");
    String cut = readable.substring(0, Math.min(NAME_LENGTH, readable.length()));
    return (cut.isEmpty() ? "video" : cut) + "-" + hash(shown(uri));
  }

  private static URI withoutSecrets(URI uri) {
    String authority = uri.getRawAuthority();
    if (authority != null && authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "a video's URI may hold no user and no password; leave out what stands before '@'");
    }
    return uri;
  }

  private static URI fileUri(Path absolute) {
    try {
      return URI.create(new URI("file", null, absolute.toString(), null).toASCIIString());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("not a path: " + absolute, e);
    }
  }

  private static String hash(String uri) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(uri.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
