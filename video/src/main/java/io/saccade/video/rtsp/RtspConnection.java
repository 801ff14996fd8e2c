package io.saccade.video.rtsp;

import io.saccade.video.access.RemoteEndpoint;
import io.saccade.video.access.RemoteUri;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;

/**
 * A connection to an RTSP host (RFC 2326), to exactly the addresses that were checked. It carries
 * messages and, interleaved, media packets. The size of everything that a host sends is bounded.
 * One thread uses it; {@link #abort} and {@link #close} may be called from others.
 */
final class RtspConnection implements AutoCloseable {
  private static final int MAX_LINE_BYTES = 8192;
  private static final int MAX_LINES = 100;
  private static final int MAX_BODY_BYTES = 1 << 16;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PACKET = '$';
  private static final int IDLE_MILLIS = 500;
  private static final Pattern STATUS = Pattern.compile("RTSP/1\\.\\d ([1-5]\\d\\d)(?: .*)?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,9}");

  private final RemoteEndpoint endpoint;
  private final int timeoutMillis;
  private Socket raw = new Socket(Proxy.NO_PROXY);
  private Socket socket = raw;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();
  private boolean aborted;

  /** Receives media packets. */
  @FunctionalInterface
  interface PacketSink {

    /** Receives a packet and the number of its channel; the receiver owns the bytes. */
    void take(int channel, ByteBuffer packet);
  }

  /**
   * Prepares a connection; {@link #connect} makes it.
   *
   * @param timeout longest wait for the host to connect, to reply and to continue a message
   */
  RtspConnection(RemoteEndpoint endpoint, Duration timeout) {
    this.endpoint = endpoint;
    this.timeoutMillis = Math.toIntExact(timeout.toMillis());
  }

  /** Connects to the first address that accepts, and upgrades to TLS for {@code rtsps:}. */
  void connect(TlsSocketStrategy tls) throws IOException {
    RemoteUri uri = endpoint.uri();
    connect(endpoint.addresses(), uri.port());
    socket.setSoTimeout(timeoutMillis);
    if (uri.scheme() == RemoteUri.Scheme.RTSPS) {
      socket = tls.upgrade(raw, uri.host(), uri.port(), null, null);
    }
    in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
    out = socket.getOutputStream();
  }

  private void connect(List<InetAddress> addresses, int port) throws IOException {
    IOException failure = new IOException("no address");
    for (InetAddress address : addresses) {
      try {
        open().connect(new InetSocketAddress(address, port), timeoutMillis);
        return;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private synchronized Socket open() throws IOException {
    if (aborted) {
      throw new EOFException("aborted");
    }
    raw = new Socket(Proxy.NO_PROXY);
    socket = raw;
    return raw;
  }

  /** Sends a message. */
  void send(String message) throws IOException {
    out.write(message.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Reads up to the next reply; passes the packets before it to {@code packets}. */
  RtspReply reply(PacketSink packets) throws IOException {
    long end = System.nanoTime() + Duration.ofMillis(timeoutMillis).toNanos();
    while (System.nanoTime() < end) {
      Optional<RtspReply> reply = receive(packets);
      if (reply.isPresent()) {
        return reply.get();
      }
    }
    throw new SocketTimeoutException("no reply");
  }

  /**
   * Reads the next message or packet; passes a packet to {@code packets}.
   *
   * @return a reply; empty if it was something else or if nothing came within half a second
   */
  Optional<RtspReply> receive(PacketSink packets) throws IOException {
    int first = first();
    if (first == PACKET) {
      int channel = read();
      byte[] packet = in.readNBytes(read() << 8 | read());
      packets.take(channel, ByteBuffer.wrap(packet));
      return Optional.empty();
    }
    boolean blank = first == '\r' || first == '\n'; // between messages
    return first < 0 || blank ? Optional.empty() : message((char) first);
  }

  /** Returns the first byte of a message or packet, or -1 if nothing came within half a second. */
  private int first() throws IOException {
    socket.setSoTimeout(Math.min(IDLE_MILLIS, timeoutMillis));
    try {
      return read();
    } catch (SocketTimeoutException e) {
      return -1;
    } finally {
      socket.setSoTimeout(timeoutMillis);
    }
  }

  private Optional<RtspReply> message(char first) throws IOException {
    String start = first + line();
    Map<String, List<String>> headers = headers();
    String body = body(headers);
    Matcher status = STATUS.matcher(start);
    if (!status.matches()) {
      return Optional.empty(); // a request of the host, which may be ignored
    }
    return Optional.of(new RtspReply(Integer.parseInt(status.group(1)), headers, body));
  }

  private Map<String, List<String>> headers() throws IOException {
    Map<String, List<String>> headers = new HashMap<>();
    int lines = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      if (++lines > MAX_LINES) {
        throw new ProtocolException("too many headers");
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        headers
            .computeIfAbsent(name, unused -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private String body(Map<String, List<String>> headers) throws IOException {
    String length = headers.getOrDefault("content-length", List.of("0")).get(0);
    if (!LENGTH.matcher(length).matches() || Integer.parseInt(length) > MAX_BODY_BYTES) {
      throw new ProtocolException("a body with a length that is not allowed");
    }
    byte[] body = in.readNBytes(Integer.parseInt(length));
    return new String(body, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = read(); next != '\n'; next = read()) {
      if (line.length() >= MAX_LINE_BYTES) {
        throw new ProtocolException("a line is too long");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private int read() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new EOFException("the host closed the connection");
    }
    return next;
  }

  /** Makes reads fail at once; a last message can still be sent. */
  synchronized void abort() {
    aborted = true;
    try {
      if (raw.isConnected()) {
        raw.shutdownInput();
      } else {
        raw.close();
      }
    } catch (IOException e) {
      // the connection has ended already
    }
  }

  @Override
  public synchronized void close() {
    aborted = true;
    try {
      raw.close();
    } catch (IOException e) {
      // the connection is not used again
    }
  }
}
