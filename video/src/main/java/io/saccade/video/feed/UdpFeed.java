package io.saccade.video.feed;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.access.HostName;
import io.saccade.video.access.ListenRule;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MPEG-TS in datagrams, bare or in RTP, sent to this machine or to a group. */
public final class UdpFeed implements LiveFeed {
  private static final Pattern FORM =
      Pattern.compile("udp://@?(\\[[0-9A-Fa-f:.]{2,45}]|[0-9.]{7,15}):(\\d{1,5})/?");
  private static final int MAX_DATAGRAM = 1 << 16;
  private static final int MAX_PORT = 65_535;

  /** About a second of a fast stream, while this process does not run. */
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;

  private final InetSocketAddress place;
  private DatagramChannel channel;
  private boolean aborted;

  private UdpFeed(InetSocketAddress place) {
    this.place = place;
  }

  /**
   * A feed that has not begun.
   *
   * @param uri {@code udp://ADDRESS:PORT}, or with {@code @} before the address
   * @throws VideoException REFUSED if it is something else or no rule allows it
   */
  public static UdpFeed of(String uri, List<ListenRule> rules) throws VideoException {
    Matcher form = FORM.matcher(uri);
    if (!form.matches() || !HostName.isLiteral(form.group(1))) {
      throw refused("a udp: URI has the form udp://ADDRESS:PORT, with an address and no name");
    }
    int port = Integer.parseInt(form.group(2));
    InetAddress address = address(form.group(1));
    if (port < 1
        || port > MAX_PORT
        || rules.stream().noneMatch(rule -> rule.allows(address, port))) {
      throw refused(
          "the address and port are not among those that may be listened at; add them (--allow-listen ADDRESS:PORT)");
    }
    return new UdpFeed(new InetSocketAddress(address, port));
  }

  private static InetAddress address(String literal) throws VideoException {
    try {
      return InetAddress.getByName(literal); // never asks a name server
    } catch (UnknownHostException e) {
      throw refused("a udp: URI has the form udp://ADDRESS:PORT, with an address and no name");
    }
  }

  @Override
  public void run(FeedOutlet out) throws VideoException {
    try (DatagramChannel opened = open()) {
      receive(opened, out);
    } catch (AsynchronousCloseException e) {
      return; // aborted
    } catch (IOException e) {
      throw VideoException.passing(
          Category.UNREADABLE,
          "datagrams cannot be received at this address; it may be in use or not this machine's",
          e);
    }
  }

  private DatagramChannel open() throws IOException {
    DatagramChannel opened =
        DatagramChannel.open(
            place.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET);
    try {
      opened.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
      if (place.getAddress().isMulticastAddress()) {
        opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      opened.bind(place);
      if (place.getAddress().isMulticastAddress()) {
        join(opened);
      }
      adopt(opened);
      return opened;
    } catch (IOException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /** On every interface that can: which one leads to the sender, nobody tells. */
  private void join(DatagramChannel opened) throws IOException {
    boolean joined = false;
    IOException failure = new IOException("no network interface takes groups");
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      try {
        if (each.isUp() && (each.supportsMulticast() || each.isLoopback())) {
          opened.join(place.getAddress(), each);
          joined = true;
        }
      } catch (IOException | IllegalArgumentException e) {
        failure.addSuppressed(e);
      }
    }
    if (!joined) {
      throw failure;
    }
  }

  private synchronized void adopt(DatagramChannel opened) throws IOException {
    if (aborted) {
      throw new AsynchronousCloseException();
    }
    channel = opened;
  }

  private static void receive(DatagramChannel opened, FeedOutlet out) throws IOException {
    ByteBuffer datagram = ByteBuffer.allocate(MAX_DATAGRAM);
    while (true) {
      datagram.clear();
      try {
        opened.receive(datagram);
      } catch (ClosedChannelException e) {
        throw (AsynchronousCloseException) new AsynchronousCloseException().initCause(e);
      }
      datagram.flip();
      Optional<ByteBuffer> packets = TransportPackets.in(datagram);
      if (packets.isPresent()) {
        out.write(packets.get());
      }
    }
  }

  @Override
  public synchronized void abort() {
    aborted = true;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // nothing is lost: the channel is given up
      }
    }
  }

  @Override
  public boolean waits() {
    return false;
  }

  private static VideoException refused(String message) {
    return new VideoException(Category.REFUSED, message);
  }
}
