package io.saccade.video.access;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * The addresses that are reachable on the public Internet only, according to the IANA IPv4 and IPv6
 * Special-Purpose Address Registries (RFC 6890 and its successors).
 */
final class PublicAddresses {

  private static final List<AddressBlock> SPECIAL_IPV4 =
      blocks(
          "0.0.0.0/8", // this network
          "10.0.0.0/8", // private
          "100.64.0.0/10", // shared by a carrier's customers
          "127.0.0.0/8", // loopback
          "169.254.0.0/16", // link-local, and the metadata services of clouds
          "172.16.0.0/12", // private
          "192.0.0.0/24", // protocol assignments
          "192.0.2.0/24", // documentation
          "192.31.196.0/24", // AS112
          "192.52.193.0/24", // AMT
          "192.88.99.0/24", // 6to4 relays
          "192.168.0.0/16", // private
          "192.175.48.0/24", // AS112
          "198.18.0.0/15", // benchmarks
          "198.51.100.0/24", // documentation
          "203.0.113.0/24", // documentation
          "224.0.0.0/4", // multicast
          "240.0.0.0/4"); // reserved, and broadcast

  /**
   * Contains all public IPv6 addresses. Loopback, unique local, link-local and multicast addresses
   * are outside of it, and so are those that embed an IPv4 address (mapped, compatible, NAT64).
   */
  private static final AddressBlock GLOBAL_IPV6 = AddressBlock.parse("2000::/3");

  private static final List<AddressBlock> SPECIAL_IPV6 =
      blocks(
          "2001::/23", // protocol assignments, among them Teredo, which embeds an IPv4 address
          "2001:db8::/32", // documentation
          "2002::/16", // 6to4, which embeds an IPv4 address
          "2620:4f:8000::/48", // AS112
          "3fff::/20"); // documentation

  private PublicAddresses() {}

  /** Whether the address is a public unicast address. */
  static boolean contain(InetAddress address) {
    if (address instanceof Inet4Address) {
      return SPECIAL_IPV4.stream().noneMatch(block -> block.contains(address));
    }
    return GLOBAL_IPV6.contains(address)
        && SPECIAL_IPV6.stream().noneMatch(block -> block.contains(address));
  }

  private static List<AddressBlock> blocks(String... texts) {
    return Stream.of(texts).map(AddressBlock::parse).toList();
  }
}
