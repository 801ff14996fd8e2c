package io.saccade.video.access;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule that allows receiving datagrams at addresses and ports.
 *
 * @param addresses addresses of this machine, or multicast groups
 * @param firstPort first allowed port, 1 to 65535
 * @param lastPort last allowed port, {@code firstPort} to 65535
 */
public record ListenRule(AddressBlock addresses, int firstPort, int lastPort) {
  private static final int MAX_PORT = 65_535;
  private static final Pattern FORM = Pattern.compile("(.+?):(\\d{1,5})(?:-(\\d{1,5}))?");

  /** Checks the ports; throws {@link IllegalArgumentException} if they are out of range. */
  public ListenRule {
    if (firstPort < 1 || lastPort < firstPort || lastPort > MAX_PORT) {
      throw new IllegalArgumentException(
          "ports %d-%d are not ascending within 1 to 65535".formatted(firstPort, lastPort));
    }
  }

  /**
   * Parses {@code BLOCK:PORT} or {@code BLOCK:FIRST-LAST}, where the block is as in {@link
   * AddressBlock#parse}, an IPv6 block in brackets.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static ListenRule parse(String text) {
    Matcher form = FORM.matcher(text);
    try {
      if (!form.matches()) {
        throw new IllegalArgumentException("not a rule");
      }
      String block = form.group(1);
      boolean bracketed = block.startsWith("[") && block.endsWith("]");
      if (!bracketed && block.indexOf(':') >= 0) {
        throw new IllegalArgumentException("brackets are missing");
      }
      int first = Integer.parseInt(form.group(2));
      int last = form.group(3) == null ? first : Integer.parseInt(form.group(3));
      return new ListenRule(
          AddressBlock.parse(bracketed ? block.substring(1, block.length() - 1) : block),
          first,
          last);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is not an address and port to listen on; write for example 239.1.0.0/16:5000-5999 or 0.0.0.0:5004"
              .formatted(text),
          e);
    }
  }

  /** Whether datagrams may be received at the address and port. */
  public boolean allows(InetAddress address, int port) {
    return firstPort <= port && port <= lastPort && addresses.contains(address);
  }
}
