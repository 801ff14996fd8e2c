package io.saccade.video.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The host part of a URI, in the strict forms only: four decimal numbers, an IPv6 address in
 * brackets, or a DNS name. Resolvers accept more forms (a single number, octal and hexadecimal
 * numbers, fewer than four numbers, zones), which attackers use to disguise a host. Public for the
 * package {@code feed} only.
 */
public final class HostName {
  private static final String NUMBER = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(NUMBER + "(\\." + NUMBER + "){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-fA-F:.]{2,45}]");

  private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final String LAST_LABEL = "[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern NAME = Pattern.compile("(?:" + LABEL + "\\.)*" + LAST_LABEL);
  private static final int MAX_LENGTH = 253;

  private HostName() {}

  /**
   * Returns the canonical form of a host: names in lower case, IPv6 addresses in full, and
   * IPv4-mapped IPv6 addresses ({@code ::ffff:10.0.0.7}) as IPv4 addresses.
   *
   * @param host as in a URI, with an IPv6 address in brackets
   * @throws IllegalArgumentException if it has none of the forms
   */
  static String canonical(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    if (isLiteral(lower)) {
      return canonicalLiteral(lower);
    }
    if (lower.length() > MAX_LENGTH || !NAME.matcher(lower).matches()) {
      throw new IllegalArgumentException("not a host name");
    }
    return lower;
  }

  /** Whether the host is an address in one of the strict forms; it may still be malformed IPv6. */
  public static boolean isLiteral(String host) {
    return IPV4.matcher(host).matches() || IPV6.matcher(host).matches();
  }

  private static String canonicalLiteral(String literal) {
    try {
      InetAddress address = InetAddress.getByName(literal); // a literal is parsed, not resolved
      String text = address.getHostAddress();
      return address instanceof Inet6Address ? "[" + text + "]" : text;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address", e);
    }
  }
}
