package io.saccade.video.rtsp;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.feed.DecoderChannel;
import io.saccade.video.feed.RtpPacket;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One session with an RTSP host (RFC 2326): OPTIONS, DESCRIBE, SETUP and PLAY of the first video,
 * then its packets until the connection ends, with keep-alive requests at half the session's
 * timeout. See decision 53 in {@code docs/decisions.md}.
 */
final class RtspSession implements RtspConnection.PacketSink {
  private static final Pattern SESSION =
      Pattern.compile("([!-~&&[^;]]{1,256})(?:;\\s*timeout=(\\d{1,6}))?.*");
  private static final Pattern CHANNEL = Pattern.compile(".*\\binterleaved=(\\d{1,3})\\b.*");
  private static final Pattern CONTROL = Pattern.compile("[!-~]{1,4096}");

  /**
   * Statuses from this one on are passing failures of the host: not enough bandwidth, or a server
   * error.
   */
  private static final int FIRST_PASSING_STATUS = 453;

  private static final long DEFAULT_TIMEOUT_SECONDS = 60;
  private static final long MIN_KEEP_ALIVE_SECONDS = 1;
  private static final long MAX_KEEP_ALIVE_SECONDS = 60;

  private final RtspSource source;
  private final DecoderChannel out;
  private final RtspConnection connection;
  private Optional<RtspCredentials.Authorization> authorization = Optional.empty();
  private boolean hasGetParameter;
  private String session = "";
  private Duration keepAliveInterval = Duration.ofSeconds(DEFAULT_TIMEOUT_SECONDS / 2);
  private int channel;
  private int sequence;
  private @Nullable RtpAssembler assembler;

  /** A session on a connection, which has to be connected; {@link #run} starts it. */
  RtspSession(RtspSource source, DecoderChannel out, RtspConnection connection) {
    this.source = source;
    this.out = out;
    this.connection = connection;
  }

  /**
   * Plays until the connection ends, which is reported as an IOException.
   *
   * @return the target, if the host redirects instead
   */
  Optional<String> run() throws IOException, VideoException {
    String uri = source.uri().uri().toString();
    hasGetParameter =
        request("OPTIONS", uri, "").header("public").orElse("").contains("GET_PARAMETER");
    RtspReply described = request("DESCRIBE", uri, "Accept: application/sdp\r\n");
    if (described.isRedirect()) {
      return Optional.of(location(described));
    }
    SessionDescription video = SessionDescription.parse(requireOk(described).body());
    String base = base(described, uri);
    setUp(control(base, video.control()));
    assembler = new RtpAssembler(video, out::write);
    requireOk(request("PLAY", base, "Range: npt=0.000-\r\n"));
    try {
      receivePackets(base);
    } finally {
      tearDown(base);
    }
    return Optional.empty();
  }

  private static String location(RtspReply redirect) throws VideoException {
    return redirect
        .header("location")
        .orElseThrow(
            () -> new VideoException(Category.UNREADABLE, "the host redirects to nowhere"));
  }

  private void tearDown(String base) {
    try {
      send("TEARDOWN", base, "");
    } catch (IOException e) {
      // the connection has ended already
    }
  }

  private void receivePackets(String base) throws IOException {
    String method = hasGetParameter ? "GET_PARAMETER" : "OPTIONS";
    long lastRequest = System.nanoTime();
    while (true) {
      Optional<RtspReply> reply = connection.receive(this);
      if (reply.isPresent() && reply.get().status() == RtspReply.UNAUTHORIZED) {
        authenticate(reply.get());
      }
      if (System.nanoTime() - lastRequest > keepAliveInterval.toNanos()) {
        send(method, base, "");
        lastRequest = System.nanoTime();
      }
    }
  }

  private void setUp(String control) throws IOException, VideoException {
    RtspReply reply =
        requireOk(request("SETUP", control, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"));
    Matcher granted = CHANNEL.matcher(reply.header("transport").orElse(""));
    channel = granted.matches() ? Integer.parseInt(granted.group(1)) : 0;
    Matcher id = SESSION.matcher(reply.header("session").orElse(""));
    if (!id.matches()) {
      throw new ProtocolException("the reply has no session");
    }
    session = id.group(1);
    long timeout = id.group(2) == null ? DEFAULT_TIMEOUT_SECONDS : Long.parseLong(id.group(2));
    keepAliveInterval =
        Duration.ofSeconds(
            Math.max(MIN_KEEP_ALIVE_SECONDS, Math.min(timeout / 2, MAX_KEEP_ALIVE_SECONDS)));
  }

  /**
   * Returns the base of relative URIs. It is used in requests only; the connection stays the same.
   */
  private static String base(RtspReply described, String uri) {
    return described
        .header("content-base")
        .or(() -> described.header("content-location"))
        .filter(text -> text.startsWith("rtsp") && CONTROL.matcher(text).matches())
        .orElse(uri);
  }

  private static String control(String base, String control) throws IOException {
    if (control.isEmpty() || control.equals("*")) {
      return base;
    }
    if (!CONTROL.matcher(control).matches()) {
      throw new ProtocolException("the control attribute is not a URI");
    }
    if (control.startsWith("rtsp://") || control.startsWith("rtsps://")) {
      return control;
    }
    return base.endsWith("/") ? base + control : base + "/" + control;
  }

  /**
   * Sends a request and reads its reply; sends it again with credentials if the host requires them.
   */
  private RtspReply request(String method, String uri, String headers) throws IOException {
    send(method, uri, headers);
    RtspReply reply = connection.reply(this);
    if (reply.status() == RtspReply.UNAUTHORIZED && authenticate(reply)) {
      send(method, uri, headers);
      return connection.reply(this);
    }
    return reply;
  }

  private boolean authenticate(RtspReply refusal) {
    authorization =
        source.credentials().flatMap(known -> known.authenticate(refusal.all("www-authenticate")));
    return authorization.isPresent();
  }

  private void send(String method, String uri, String headers) throws IOException {
    StringBuilder message = new StringBuilder(method).append(' ').append(uri);
    message.append(" RTSP/1.0\r\nCSeq: ").append(++sequence);
    message.append("\r\nUser-Agent: Saccade\r\n");
    if (!session.isEmpty()) {
      message.append("Session: ").append(session).append("\r\n");
    }
    authorization.ifPresent(
        known -> message.append("Authorization: ").append(known.of(method, uri)).append("\r\n"));
    connection.send(message.append(headers).append("\r\n").toString());
  }

  private static RtspReply requireOk(RtspReply reply) throws VideoException {
    if (reply.status() == RtspReply.OK) {
      return reply;
    }
    if (reply.status() == RtspReply.UNAUTHORIZED) {
      throw new VideoException(
          Category.REFUSED, "the host does not accept user and password; correct them in the URI");
    }
    throw new VideoException(
        Category.UNREADABLE,
        "the host answers with status %d where 200 was expected".formatted(reply.status()),
        0,
        reply.status() >= FIRST_PASSING_STATUS,
        null);
  }

  @Override
  public void take(int from, ByteBuffer packet) {
    if (assembler != null && from == channel) {
      RtpPacket.parse(packet).ifPresent(assembler::add);
    }
  }
}
