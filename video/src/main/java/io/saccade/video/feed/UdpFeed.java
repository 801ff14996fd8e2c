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
import org.jspecify.annotations.Nullable;

/**
 * Receives MPEG-TS in datagrams, bare or in RTP, at an address of this machine or of a multicast
 * group. Public for the package {@code live} only.
 */
public final class UdpFeed implements LiveFeed {
  private static final Pattern FORM =
      Pattern.compile("udp://@?(\\[[0-9A-Fa-f:.]{2,45}]|[0-9.]{7,15}):(\\d{1,5})/?");
  private static final int MAX_DATAGRAM = 1 << 16;
  private static final int MAX_PORT = 65_535;

  /** Buffers about a second of a fast stream while this process is not scheduled. */
  private static final int SOCKET_BUFFER_BYTES = 4 << 20;

  private final InetSocketAddress endpoint;
  private @Nullable DatagramChannel channel;
  private boolean aborted;

  private UdpFeed(InetSocketAddress endpoint) {
    this.endpoint = endpoint;
  }

  /**
   * A feed that has not begun.
   *
   * @param uri {@code udp://ADDRESS:PORT}, or with {@code @} before the address
   * @throws VideoException REFUSED if the URI has another form or no rule allows the address and
   *     port
   */
  public static UdpFeed of(String uri, List<ListenRule> rules) throws VideoException {
    Matcher form = FORM.matcher(uri);
    if (!form.matches() || !HostName.isLiteral(form.group(1))) {
      throw refused("a udp: URI has the form udp://ADDRESS:PORT, with an address and not a name");
    }
    int port = Integer.parseInt(form.group(2));
    InetAddress address = address(form.group(1));
    if (port < 1
        || port > MAX_PORT
        || rules.stream().noneMatch(rule -> rule.allows(address, port))) {
      throw refused(
          "the address and port are not among those allowed to listen on; add them (--allow-listen ADDRESS:PORT)");
    }
    return new UdpFeed(new InetSocketAddress(address, port));
  }

  private static InetAddress address(String literal) throws VideoException {
    try {
      return InetAddress.getByName(literal); // a literal is parsed, not resolved
    } catch (UnknownHostException e) {
      throw refused("a udp: URI has the form udp://ADDRESS:PORT, with an address and not a name");
    }
  }

  @Override
  public void run(DecoderChannel out) throws VideoException {
    try (DatagramChannel opened = open()) {
      receive(opened, out);
    } catch (AsynchronousCloseException e) {
      return; // aborted
    } catch (IOException e) {
      throw VideoException.passing(
          Category.UNREADABLE,
          "datagrams cannot be received at this address; it may be in use or not an address of this machine",
          e);
    }
  }

  private DatagramChannel open() throws IOException {
    DatagramChannel opened =
        DatagramChannel.open(
            endpoint.getAddress() instanceof Inet6Address
                ? StandardProtocolFamily.INET6
                : StandardProtocolFamily.INET);
    try {
      opened.setOption(StandardSocketOptions.SO_RCVBUF, SOCKET_BUFFER_BYTES);
      if (endpoint.getAddress().isMulticastAddress()) {
        opened.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      opened.bind(endpoint);
      if (endpoint.getAddress().isMulticastAddress()) {
        join(opened);
      }
      adopt(opened);
      return opened;
    } catch (IOException | RuntimeException | Error e) {
      opened.close();
      throw e;
    }
  }

  /**
   * Joins the group on every interface that supports it, because the interface of the sender is
   * unknown.
   */
  private void join(DatagramChannel opened) throws IOException {
    boolean joined = false;
    IOException failure = new IOException("no network interface supports multicast");
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      try {
        if (each.isUp() && (each.supportsMulticast() || each.isLoopback())) {
          opened.join(endpoint.getAddress(), each);
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

  private static void receive(DatagramChannel opened, DecoderChannel out) throws IOException {
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
        // the channel is not used again
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
