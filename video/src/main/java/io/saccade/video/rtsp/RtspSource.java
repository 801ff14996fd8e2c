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
 * The address of an RTSP source. Public for the package {@code live} only.
 *
 * @param uri the URI without user and password
 * @param credentials the user and password for that host and port only
 */
public record RtspSource(RemoteUri uri, Optional<RtspCredentials> credentials) {
  private static final Pattern FORM =
      Pattern.compile("(rtsps?://)(?:([^/?#@]*)@)?([^@]*)", Pattern.DOTALL);

  /**
   * Parses a reference.
   *
   * @throws VideoException REFUSED if it is not a plain {@code rtsp:} or {@code rtsps:} URI
   */
  public static RtspSource parse(String reference) throws VideoException {
    Matcher form = FORM.matcher(reference);
    if (!form.matches()) {
      throw refused(
          "the source is not a plain RTSP URI; percent-encode '@', '/', '?' and '#' in user and password");
    }
    RemoteUri uri = RemoteUri.parse(form.group(1) + form.group(3));
    return new RtspSource(
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
          URLDecoder.decode(
              text.replace("+", "%2B"), StandardCharsets.UTF_8); // in a URI's user, + is literal
      if (decoded.chars().noneMatch(Character::isISOControl) && decoded.indexOf('"') < 0) {
        return decoded;
      }
    } catch (IllegalArgumentException e) {
      // refused below
    }
    throw refused("user and password are not percent-encoded text without quotes");
  }

  /**
   * Returns the target of a redirect; the credentials are kept only for the same host and port.
   *
   * @throws VideoException REFUSED if the target is not an RTSP URI, or is {@code rtsp:} and this
   *     is {@code rtsps:}
   */
  RtspSource following(String location) throws VideoException {
    RtspSource to = parse(location);
    if (uri.scheme() == RemoteUri.Scheme.RTSPS && to.uri.scheme() != uri.scheme()) {
      throw refused("a redirect leads from rtsps to rtsp");
    }
    boolean same = to.uri.host().equals(uri.host()) && to.uri.port() == uri.port();
    return new RtspSource(to.uri, same ? credentials : Optional.empty());
  }

  private static VideoException refused(String message) {
    return new VideoException(Category.REFUSED, message);
  }
}
