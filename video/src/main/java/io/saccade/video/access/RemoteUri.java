package io.saccade.video.access;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A URI of a video on another host, restricted to forms that all parsers read in the same way.
 *
 * @param uri the URI itself
 * @param scheme the protocol
 * @param host in the form of {@link HostName#canonical}
 * @param port 1 to 65535
 */
public record RemoteUri(URI uri, Scheme scheme, String host, int port) {
  private static final int MAX_LENGTH = 4096;
  private static final int MAX_PORT = 65_535;
  private static final Pattern PRINTABLE = Pattern.compile("[!-~&&[^\\\\]]*");

  /** The schemes of videos on other hosts. */
  public enum Scheme {
    HTTP(80),
    HTTPS(443),
    RTSP(554),
    RTSPS(322);

    private final int defaultPort;

    Scheme(int defaultPort) {
      this.defaultPort = defaultPort;
    }

    /** The scheme with this name, which is in lower case. */
    static Optional<Scheme> named(String name) {
      return Arrays.stream(values()).filter(scheme -> scheme.text().equals(name)).findFirst();
    }

    /** The name in a URI. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The port of a URI that has none. */
    int defaultPort() {
      return defaultPort;
    }

    /** Whether this is a protocol of live streams, not of files. */
    boolean live() {
      return this == RTSP || this == RTSPS;
    }
  }

  /**
   * Parses a reference.
   *
   * @throws VideoException REFUSED if it is not a plain URI of one of the schemes
   */
  public static RemoteUri parse(String reference) throws VideoException {
    if (reference.length() > MAX_LENGTH || !PRINTABLE.matcher(reference).matches()) {
      throw refused(
          "a URI may have at most 4096 ASCII characters without space and backslash; percent-encode the others");
    }
    try {
      return of(new URI(reference));
    } catch (URISyntaxException e) {
      throw refused("the reference is not a valid URI; percent-encode what is not allowed in one");
    }
  }

  /**
   * Resolves the target of a redirect or of a playlist against this URI. A target of {@code http:}
   * is refused if this is {@code https:}.
   *
   * @param location absolute or relative
   * @throws VideoException REFUSED if the target is not a plain {@code http:} or {@code https:} URI
   */
  public RemoteUri following(String location) throws VideoException {
    RemoteUri to = resolved(location);
    boolean downgraded = scheme == Scheme.HTTPS && to.scheme() == Scheme.HTTP;
    if (downgraded || to.scheme().live()) {
      throw refused("only http to http or https is followed, and https to https");
    }
    return to;
  }

  private RemoteUri resolved(String location) throws VideoException {
    try {
      URI target = uri.resolve(new URI(location));
      String text = target.toString();
      int fragment = text.indexOf('#'); // for players only
      return parse(fragment < 0 ? text : text.substring(0, fragment));
    } catch (URISyntaxException e) {
      throw refused("the target is not a valid URI");
    }
  }

  private static RemoteUri of(URI uri) throws VideoException {
    Optional<Scheme> scheme = Scheme.named(String.valueOf(uri.getScheme()));
    if (scheme.isEmpty() || uri.isOpaque()) {
      throw refused("the scheme is not allowed; give an https:// or http:// URI");
    }
    String authority = String.valueOf(uri.getRawAuthority());
    if (authority.indexOf('@') >= 0) {
      throw refused(
          "a URI may have no user and no password, because everyone who reads it would see them");
    }
    if (uri.getRawFragment() != null) {
      throw refused("a URI may have no fragment; leave out '#' and what follows");
    }
    int port = uri.getPort() < 0 ? scheme.get().defaultPort() : uri.getPort();
    String written = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    if (uri.getHost() == null || !written.equals(authority) || port < 1 || port > MAX_PORT) {
      throw unclearHost();
    }
    return new RemoteUri(uri, scheme.get(), canonical(uri.getHost()), port);
  }

  private static String canonical(String host) throws VideoException {
    try {
      return HostName.canonical(host);
    } catch (IllegalArgumentException e) {
      throw unclearHost();
    }
  }

  private static VideoException unclearHost() {
    return refused(
        "the URI's host must be a DNS name, four decimal numbers or an IPv6 address in brackets, its port 1 to 65535");
  }

  private static VideoException refused(String message) {
    return new VideoException(Category.REFUSED, message);
  }
}
