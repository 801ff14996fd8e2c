package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.video.TestClip;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.ListenRule;
import io.saccade.video.feed.RtpPacket;
import io.saccade.video.feed.TransportPackets;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transport streams in datagrams on this machine. */
@Timeout(120)
class LiveUdpTest {
  private static final int DATAGRAM_BYTES = 7 * TransportPackets.BYTES;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamToThisMachineIsFollowed(boolean rtp) throws Exception {
    InetAddress here = here();
    int port = freePort();
    try (Follower follower = new Follower(List.of(ListenRule.parse("127.0.0.1:" + port)));
        DatagramChannel sender = DatagramChannel.open()) {
      follower.begin("udp://127.0.0.1:" + port);
      sendUntilFollowed(follower, sender, new InetSocketAddress(here, port), rtp);

      assertThat(follower.sessions().all().get(0).numbers()).isNotEmpty();
      assertThat(follower.cancel().category()).isEqualTo(Category.CANCELLED);
    }
    assertThat(canBind(here, port)).isTrue();
  }

  @Test
  void aGroupIsJoined() throws Exception {
    InetAddress group = InetAddress.getByAddress(new byte[] {(byte) 239, (byte) 255, 42, 99});
    int port = freePort();
    try (Follower follower = new Follower(List.of(ListenRule.parse("239.255.0.0/16:1024-65535")));
        DatagramChannel sender = DatagramChannel.open(StandardProtocolFamily.INET)) {
      sender.setOption(
          StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByInetAddress(here()));
      sender.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, true);
      follower.begin("udp://@239.255.42.99:" + port);
      sendUntilFollowed(follower, sender, new InetSocketAddress(group, port), false);

      assertThat(follower.sessions().all().get(0).numbers()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "udp://127.0.0.1:1",
        "udp://239.1.2.3:5004",
        "udp://localhost:5004",
        "udp://127.0.0.1",
        "udp://127.0.0.1:70000",
        "udp://127.1:5004",
        "udp://127.0.0.1:5004?localaddr=10.0.0.1"
      })
  void listensOnlyAtAllowedAddresses(String uri) throws Exception {
    try (Follower follower = new Follower(List.of(ListenRule.parse("127.0.0.1:5004-5010")))) {
      VideoException failure = follower.begin(uri).end();
      assertThat(failure.category()).isEqualTo(Category.REFUSED);
      assertThat(failure.isPassing()).isFalse();
    }
  }

  @Test
  void silenceIsATimeout() throws Exception {
    int port = freePort();
    try (Follower follower =
        new Follower(List.of(ListenRule.parse("127.0.0.1:" + port)))
            .stall(Duration.ofSeconds(1), Duration.ofMillis(200))) {
      VideoException failure = follower.begin("udp://127.0.0.1:" + port).end();
      assertThat(failure.category()).isEqualTo(Category.TIMEOUT);
      assertThat(failure.isPassing()).isTrue();
    }
  }

  @Test
  void anAddressInUseIsAPassingFailure() throws Exception {
    try (DatagramSocket other = new DatagramSocket(0, here());
        Follower follower =
            new Follower(List.of(ListenRule.parse("127.0.0.1:" + other.getLocalPort())))) {
      VideoException failure = follower.begin("udp://127.0.0.1:" + other.getLocalPort()).end();
      assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
      assertThat(failure.isPassing()).isTrue();
    }
  }

  /** Sends a clip again and again, with later times each time, and noise between. */
  private void sendUntilFollowed(
      Follower follower, DatagramChannel sender, InetSocketAddress target, boolean rtp)
      throws Exception {
    byte[] clip = Files.readAllBytes(TestClip.of(100).write(folder.resolve("a.ts")));
    int[] sequence = {0};
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              int count = clip.length / DATAGRAM_BYTES;
              int from = sequence[0]++ % count * DATAGRAM_BYTES;
              send(sender, target, new byte[] {1, 2, 3});
              byte[] packets = Arrays.copyOfRange(clip, from, from + DATAGRAM_BYTES);
              send(sender, target, rtp ? wrapped(packets, sequence[0]) : packets);
              return follower.sessions().frames() >= 5;
            });
  }

  private static byte[] wrapped(byte[] packets, int sequence) {
    ByteBuffer rtp = ByteBuffer.allocate(16 + packets.length);
    rtp.put((byte) 0x81).put((byte) RtpPacket.TRANSPORT_STREAM).putShort((short) sequence);
    return rtp.putInt(0).putInt(7).putInt(8).put(packets).array();
  }

  private static void send(DatagramChannel sender, InetSocketAddress target, byte[] bytes)
      throws IOException {
    sender.send(ByteBuffer.wrap(bytes), target);
  }

  private static InetAddress here() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, here())) {
      return socket.getLocalPort();
    }
  }

  private static boolean canBind(InetAddress address, int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(port, address)) {
      return socket.isBound();
    }
  }
}
