package io.saccade.video.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostAccessTest {
  private static final String NAME = "https://videos.example.com/a.mp4";
  private static final String NOT_PUBLIC =
      "the host has an address that is not public; allow its network (--allow-network)";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::10.0.0.1",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:10::1",
        "2001:20::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00::1",
        "fdff:ffff::1",
        "fe80::1",
        "fe80::1%1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1"
      })
  void anAddressThatIsNotPublicIsRefused(String address) throws Exception {
    assertRefused(access(address), NOT_PUBLIC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2606:2800:220:1::1",
        "2a00::1"
      })
  void aPublicAddressIsAllowed(String address) throws Exception {
    assertThat(access(address).check(RemoteUri.parse(NAME)).addresses())
        .containsExactly(InetAddress.getByName(address));
  }

  @Test
  void oneAddressThatIsNotPublicIsEnough() throws Exception {
    assertRefused(access("8.8.8.8", "10.0.0.1"), NOT_PUBLIC);
    assertRefused(access("2a00::1", "8.8.8.8", "::1"), NOT_PUBLIC);
  }

  @Test
  void anAllowedNetworkMayBeReachedAndNoOther() throws Exception {
    HostAccess access = access(List.of("10.2.0.0/16", "fd00:1::/32"), "10.2.255.1", "fd00:1::7");
    assertThat(access.check(RemoteUri.parse(NAME)).addresses()).hasSize(2);

    assertRefused(access(List.of("10.2.0.0/16"), "10.3.0.1"), NOT_PUBLIC);
    assertRefused(access(List.of("10.2.0.0/16"), "64:ff9b::10.2.0.1"), NOT_PUBLIC);
  }

  @Test
  void aLiveStreamsHostHasItsCheckedAddresses() throws Exception {
    RemoteUri camera = RemoteUri.parse("rtsp://videos.example.com:8554/1");
    HostAccess access =
        new HostAccess(
            List.of(HostRule.parse("videos.example.com:8554")),
            List.of(),
            host -> addresses("8.8.8.8"));

    assertThat(access.check(camera))
        .isEqualTo(new RemoteEndpoint(camera, List.of(addresses("8.8.8.8"))));
  }

  @Test
  void resolvesNoHostWithoutARule() throws Exception {
    HostAccess access =
        new HostAccess(
            List.of(HostRule.parse("other.example.com")),
            List.of(),
            host -> {
              throw new AssertionError("resolved");
            });

    assertRefused(
        access,
        "the host and port are not among the allowed hosts; add them (--allow-host NAME[:PORT])");
  }

  @Test
  void aNameWithoutAddressIsUnreadable() {
    HostAccess access =
        new HostAccess(
            List.of(HostRule.parse("videos.example.com")),
            List.of(),
            host -> {
              throw new UnknownHostException("internal words");
            });

    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> access.check(RemoteUri.parse(NAME)))
        .withMessageNotContaining("internal")
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.UNREADABLE));
  }

  @ParameterizedTest
  @CsvSource({
    "videos.example.com, https://videos.example.com/, true",
    "videos.example.com, http://Videos.Example.Com/, true",
    "Videos.Example.Com, http://videos.example.com/, true",
    "videos.example.com, rtsp://videos.example.com/, true",
    "videos.example.com, http://videos.example.com:8080/, false",
    "videos.example.com, https://a.videos.example.com/, false",
    "videos.example.com, https://example.com/, false",
    "videos.example.com, https://evilvideos.example.com/, false",
    "videos.example.com, https://videos.example.com.evil.org/, false",
    "videos.example.com:8080, http://videos.example.com:8080/, true",
    "videos.example.com:8080, http://videos.example.com/, false",
    "videos.example.com:443, https://videos.example.com/, true",
    "videos.example.com:443, http://videos.example.com/, false",
    "*.example.com, https://a.example.com/, true",
    "*.example.com, https://a.b.example.com/, true",
    "*.example.com, https://example.com/, false",
    "*.example.com, https://evilexample.com/, false",
    "*.example.com:81, http://a.example.com:81/, true",
    "10.0.0.7, http://10.0.0.7/, true",
    "10.0.0.7, http://[::ffff:10.0.0.7]/, true",
    "[fd00::7]:81, http://[fd00:0:0::7]:81/, true",
    "[fd00::7], http://[fd00::8]/, false"
  })
  void aRuleNamesHostAndPort(String rule, String uri, boolean allowed) throws VideoException {
    assertThat(HostRule.parse(rule).allows(RemoteUri.parse(uri))).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "*.",
        "*.*",
        "a.*.com",
        "*example.com",
        "https://example.com",
        "example.com/a",
        "example.com:",
        "example.com:0",
        "example.com:65536",
        "example.com:x",
        "user@example.com",
        "fd00::7",
        "*.[fd00::7]",
        "*.10.0.0.1",
        "127.1",
        "2130706433",
        "[fe80::1%eth0]",
        "a b"
      })
  void refusesTextThatIsNotARule(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HostRule.parse(text))
        .withMessageContaining("is not a host; write for example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/x",
        "10.0.0/8",
        "10/8",
        "example.com",
        "fd00::/129",
        "fe80::1%eth0",
        "[fd00::]/8"
      })
  void refusesTextThatIsNotABlock(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AddressBlock.parse(text))
        .withMessageContaining("is not a block of addresses; write for example");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "172.16.0.0/12, 172.31.0.1, true",
    "172.16.0.0/12, 172.32.0.1, false",
    "192.168.1.7, 192.168.1.7, true",
    "192.168.1.7, 192.168.1.6, false",
    "0.0.0.0/0, 255.1.1.1, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/9, fd7f::1, true",
    "fd00::/9, fd80::1, false",
    "::1, ::1, true"
  })
  void aBlockHoldsWhatSharesItsPrefix(String block, String address, boolean holds)
      throws UnknownHostException {
    assertThat(AddressBlock.parse(block).contains(InetAddress.getByName(address))).isEqualTo(holds);
    assertThat(AddressBlock.parse(AddressBlock.parse(block).toString()))
        .isEqualTo(AddressBlock.parse(block));
  }

  private static HostAccess access(String... addresses) {
    return access(List.of(), addresses);
  }

  private static HostAccess access(List<String> networks, String... addresses) {
    return new HostAccess(
        List.of(HostRule.parse("videos.example.com")),
        networks.stream().map(AddressBlock::parse).toList(),
        host -> addresses(addresses));
  }

  private static InetAddress[] addresses(String... texts) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[texts.length];
    for (int i = 0; i < texts.length; i++) {
      addresses[i] = InetAddress.getByName(texts[i]);
    }
    return addresses;
  }

  private static void assertRefused(HostAccess access, String message) {
    assertThatExceptionOfType(VideoException.class)
        .isThrownBy(() -> access.check(RemoteUri.parse(NAME)))
        .withMessage(message)
        .satisfies(e -> assertThat(e.category()).isEqualTo(Category.REFUSED));
  }
}
