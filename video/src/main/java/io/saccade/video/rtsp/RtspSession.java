package io.saccade.video.rtsp;

import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.feed.FeedOutlet;
import io.saccade.video.feed.RtpPacket;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One conversation with an RTSP host: what there is, its video set up and played, kept alive. */
final class RtspSession implements RtspConnection.PacketSink {
  private static final Pattern SESSION =
      Pattern.compile("([!-~&&[^;]]{1,256})(?:;\\s*timeout=(\\d{1,6}))?.*");
  private static final Pattern CHANNEL = Pattern.compile(".*\\binterleaved=(\\d{1,3})\\b.*");
  private static final Pattern CONTROL = Pattern.compile("[!-~]{1,4096}");

  /** From here on the trouble is the host's own: no bandwidth, or a fault. */
  private static final int FIRST_PASSING = 453;

  private static final long DEFAULT_TIMEOUT_SECONDS = 60;
  private static final long MIN_ALIVE_SECONDS = 1;
  private static final long MAX_ALIVE_SECONDS = 60;

  private final RtspPlace place;
  private final FeedOutlet out;
  private RtspConnection connection;
  private Optional<RtspCredentials.Authorization> authorization = Optional.empty();
  private boolean alivesByParameter;
  private String session = "";
  private Duration alive = Duration.ofSeconds(DEFAULT_TIMEOUT_SECONDS / 2);
  private int channel;
  private int number;
  private RtpAssembler assembler;

  /** A conversation that has not begun. */
  RtspSession(RtspPlace place, FeedOutlet out) {
    this.place = place;
    this.out = out;
  }

  /**
   * Plays until the connection ends, which is an IOException.
   *
   * @return where to go instead, if the host says so
   */
  Optional<String> run(RtspConnection opened) throws IOException, VideoException {
    connection = opened;
    String uri = place.uri().uri().toString();
    alivesByParameter =
        ask("OPTIONS", uri, "").header("public").orElse("").contains("GET_PARAMETER");
    RtspReply described = ask("DESCRIBE", uri, "Accept: application/sdp\r\n");
    if (described.isRedirect()) {
      return Optional.of(location(described));
    }
    SessionDescription video = SessionDescription.parse(requireOk(described).body());
    String base = base(described, uri);
    setUp(control(base, video.control()));
    assembler = new RtpAssembler(video, out::write);
    requireOk(ask("PLAY", base, "Range: npt=0.000-\r\n"));
    try {
      listen(base);
    } finally {
      leave(base);
    }
    return Optional.empty();
  }

  private static String location(RtspReply redirect) throws VideoException {
    return redirect
        .header("location")
        .orElseThrow(
            () -> new VideoException(Category.UNREADABLE, "the host redirects to nowhere"));
  }

  private void leave(String base) {
    try {
      send("TEARDOWN", base, "");
    } catch (IOException e) {
      // the host has gone already
    }
  }

  private void listen(String base) throws IOException {
    String method = alivesByParameter ? "GET_PARAMETER" : "OPTIONS";
    long asked = System.nanoTime();
    while (true) {
      Optional<RtspReply> reply = connection.receive();
      if (reply.isPresent() && reply.get().status() == RtspReply.UNAUTHORIZED) {
        answer(reply.get());
      }
      if (System.nanoTime() - asked > alive.toNanos()) {
        send(method, base, "");
        asked = System.nanoTime();
      }
    }
  }

  private void setUp(String control) throws IOException, VideoException {
    RtspReply reply =
        requireOk(ask("SETUP", control, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"));
    Matcher granted = CHANNEL.matcher(reply.header("transport").orElse(""));
    channel = granted.matches() ? Integer.parseInt(granted.group(1)) : 0;
    Matcher id = SESSION.matcher(reply.header("session").orElse(""));
    if (!id.matches()) {
      throw new ProtocolException("no session");
    }
    session = id.group(1);
    long timeout = id.group(2) == null ? DEFAULT_TIMEOUT_SECONDS : Long.parseLong(id.group(2));
    alive =
        Duration.ofSeconds(Math.max(MIN_ALIVE_SECONDS, Math.min(timeout / 2, MAX_ALIVE_SECONDS)));
  }

  /** Where relative places begin. It stands in requests only: the connection stays the same. */
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
      throw new ProtocolException("a control that is no URI");
    }
    if (control.startsWith("rtsp://") || control.startsWith("rtsps://")) {
      return control;
    }
    return base.endsWith("/") ? base + control : base + "/" + control;
  }

  /** Sends a request and reads its reply; once more with credentials, if they are asked for. */
  private RtspReply ask(String method, String uri, String headers) throws IOException {
    send(method, uri, headers);
    RtspReply reply = connection.reply();
    if (reply.status() == RtspReply.UNAUTHORIZED && answer(reply)) {
      send(method, uri, headers);
      return connection.reply();
    }
    return reply;
  }

  private boolean answer(RtspReply refusal) {
    authorization =
        place.credentials().flatMap(known -> known.answer(refusal.all("www-authenticate")));
    return authorization.isPresent();
  }

  private void send(String method, String uri, String headers) throws IOException {
    StringBuilder message = new StringBuilder(method).append(' ').append(uri);
    message.append(" RTSP/1.0\r\nCSeq: ").append(++number);
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
        reply.status() >= FIRST_PASSING,
        null);
  }

  @Override
  public void take(int from, ByteBuffer packet) {
    if (assembler != null && from == channel) {
      RtpPacket.parse(packet).ifPresent(assembler::take);
    }
  }
}
