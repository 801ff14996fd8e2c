package io.saccade.video.access;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that allows hosts to fetch videos from.
 *
 * @param host a name or an address as {@link #parse} accepts it, without the {@code *.} of a
 *     wildcard
 * @param subdomains whether the rule allows the names below {@code host} instead of {@code host}
 *     itself
 * @param port the only allowed port, 1 to 65535; empty for the scheme's default port
 */
public record HostRule(String host, boolean subdomains, OptionalInt port) {
  private static final String WILDCARD = "*.";
  private static final int MAX_PORT = 65_535;
  private static final Pattern FORM =
      Pattern.compile("(?:\\*\\.)?(\\[[^]]*]|[^:\\[]*)(?::(\\d{1,5}))?");

  /**
   * Brings the host to its canonical form; throws {@link IllegalArgumentException} if it has none.
   */
  public HostRule {
    host = HostName.canonical(host);
    if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > MAX_PORT)) {
      throw new IllegalArgumentException("port = %d is not 1 to 65535".formatted(port.getAsInt()));
    }
  }

  /**
   * Parses {@code NAME} or {@code NAME:PORT}, where the name is a DNS name, {@code *.} and a DNS
   * name, an IPv4 address, or an IPv6 address in brackets.
   *
   * @throws IllegalArgumentException if the text is none of these
   */
  public static HostRule parse(String text) {
    boolean subdomains = text.startsWith(WILDCARD);
    Matcher form = FORM.matcher(text);
    try {
      if (!form.matches() || (subdomains && HostName.isLiteral(form.group(1)))) {
        throw new IllegalArgumentException("not a host");
      }
      String port = form.group(2);
      return new HostRule(
          form.group(1),
          subdomains,
          port == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is not a host; write for example videos.example.com, *.example.com:8443 or [fd00::7]"
              .formatted(text),
          e);
    }
  }

  /** Whether this rule allows the URI's host and port. */
  boolean allows(RemoteUri uri) {
    boolean name = subdomains ? uri.host().endsWith("." + host) : uri.host().equals(host);
    return name && uri.port() == port.orElse(uri.scheme().defaultPort());
  }
}
