package io.saccade.video.rtsp;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.RemoteUri;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an RTSP source is.
 *
 * @param uri without user and password
 * @param credentials for that host and port alone
 */
public record RtspPlace(RemoteUri uri, Optional<RtspCredentials> credentials) {
  private static final Pattern FORM =
      Pattern.compile("(rtsps?://)(?:([^/?#@]*)@)?([^@]*)", Pattern.DOTALL);

  /**
   * Reads a reference.
   *
   * @throws VideoException REFUSED if it is no plain {@code rtsp:} or {@code rtsps:} URI
   */
  public static RtspPlace parse(String reference) throws VideoException {
    Matcher form = FORM.matcher(reference);
    if (!form.matches()) {
      throw refused(
          "the source is no plain RTSP URI; percent-encode '@', '/', '?' and '#' in user and password");
    }
    RemoteUri uri = RemoteUri.parse(form.group(1) + form.group(3));
    return new RtspPlace(
        uri, form.group(2) == null ? Optional.empty() : Optional.of(credentials(form.group(2))));
  }

  private static RtspCredentials credentials(String text) throws VideoException {
    int colon = text.indexOf(':');
    String user = colon < 0 ? text : text.substring(0, colon);
    return new RtspCredentials(decoded(user), colon < 0 ? "" : decoded(text.substring(colon + 1)));
  }

  private static String decoded(String text) throws VideoException {
    try {
      String decoded =
          URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8); // + is itself here
      if (decoded.chars().noneMatch(Character::isISOControl) && decoded.indexOf('"') < 0) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // as below
    }
    throw refused("user and password are not percent-encoded text without quotes");
  }

  /**
   * Where a redirect leads; another host does not get the credentials.
   *
   * @throws VideoException REFUSED if it is no RTSP URI, or one less secure than this
   */
  RtspPlace following(String location) throws VideoException {
    RtspPlace to = parse(location);
    if (uri.scheme() == RemoteUri.Scheme.RTSPS && to.uri.scheme() != uri.scheme()) {
      throw refused("a redirect leads from rtsps to rtsp");
    }
    boolean same = to.uri.host().equals(uri.host()) && to.uri.port() == uri.port();
    return new RtspPlace(to.uri, same ? credentials : Optional.empty());
  }

  private static VideoException refused(String message) {
    return new VideoException(Category.REFUSED, message);
  }
}
