package io.saccade.video.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A block of IP addresses in CIDR notation, e.g. {@code 10.2.0.0/16} or {@code fd00:1::/32}.
 *
 * @param network any address of the block
 * @param bits the prefix length: the number of leading bits that all addresses of the block share,
 *     0 to 32 (IPv4) or 128 (IPv6)
 */
public record AddressBlock(InetAddress network, int bits) {

  /** Checks the prefix length; throws {@link IllegalArgumentException} if it is out of range. */
  public AddressBlock {
    int length = network.getAddress().length * Byte.SIZE;
    if (bits < 0 || bits > length) {
      throw new IllegalArgumentException(
          "prefix length = %d is not 0 to %d".formatted(bits, length));
    }
  }

  /**
   * Parses {@code ADDRESS/BITS}, or {@code ADDRESS} for the block of that one address.
   *
   * @throws IllegalArgumentException if the text is neither
   */
  public static AddressBlock parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      InetAddress network = literal(address);
      int bits = network.getAddress().length * Byte.SIZE;
      return new AddressBlock(
          network, slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is not a block of addresses; write for example 10.2.0.0/16, 192.168.1.7 or fd00::/8"
              .formatted(text),
          e);
    }
  }

  private static InetAddress literal(String address) {
    String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
    if (!HostName.isLiteral(host)) {
      throw new IllegalArgumentException("not an address");
    }
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Whether the block contains the address; an IPv6 block contains no IPv4 address. */
  boolean contains(InetAddress address) {
    byte[] own = network.getAddress();
    byte[] other = address.getAddress();
    if (own.length != other.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    int rest = Byte.SIZE - bits % Byte.SIZE;
    return Arrays.equals(own, 0, whole, other, 0, whole)
        && (rest == Byte.SIZE || (own[whole] & 0xff) >> rest == (other[whole] & 0xff) >> rest);
  }

  /** CIDR notation, as {@link #parse} reads it. */
  @Override
  public String toString() {
    String address = network.getHostAddress();
    int zone = network instanceof Inet6Address ? address.indexOf('%') : -1;
    return (zone < 0 ? address : address.substring(0, zone)) + "/" + bits;
  }
}
