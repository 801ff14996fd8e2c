package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.saccade.video.LiveSource;
import io.saccade.video.TestClip;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.rtsp.RtspServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid and invalid RTSP from a host on this machine. */
@Timeout(120)
class LiveRtspTest {
  private static final String PASSWORD = "p@ss:wörd";
  private static final String USER = "gate:p%40ss%3Aw%C3%B6rd@";

  @TempDir private Path folder;
  private RtspServer server;
  private Follower follower;

  @BeforeEach
  void start() throws Exception {
    server = new RtspServer();
    follower = new Follower(List.of(), server.port());
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    follower.close();
    Awaitility.await().until(() -> server.open() == 0);
    server.close();
  }

  @Test
  void followsACameraAndTearsItsSessionDown() throws Exception {
    h264(60);

    List<LiveSessions.Session> sessions = follower.begin(server.uri("")).awaitFrames(11);

    assertThat(sessions).hasSize(1);
    assertThat(sessions.get(0).numbers()).startsWith(0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50);
    assertThat(sessions.get(0).facts().codec()).isEqualTo("h264");
    assertThat(follower.cancel().category()).isEqualTo(Category.CANCELLED);
    Awaitility.await().until(() -> server.open() == 0);
    assertThat(server.requests())
        .extracting(request -> request.replaceAll(":\\d+", ""))
        .contains(
            "OPTIONS rtsp://videos.example.com/cam/1",
            "DESCRIBE rtsp://videos.example.com/cam/1",
            "SETUP rtsp://videos.example.com/cam/1/video",
            "PLAY rtsp://videos.example.com/cam/1",
            "TEARDOWN rtsp://videos.example.com/cam/1");
  }

  @Test
  void theSessionIsKeptAlive() throws Exception {
    h264(60);
    follower.begin(server.uri(""));

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> server.requests().stream().filter(r -> r.startsWith("GET_PAR")).count() > 1);
  }

  @Test
  void mpeg4IsFollowedToo() throws Exception {
    server.video(TestClip.of(60).write(folder.resolve("a.ts")), "MP4V-ES");

    List<LiveSessions.Session> sessions = follower.begin(server.uri("")).awaitFrames(11);

    assertThat(sessions.get(0).numbers()).startsWith(0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50);
  }

  @Test
  void afterALostPacketOnlyWholePicturesCount() throws Exception {
    h264(60);
    server.losing(13);

    List<LiveSessions.Session> sessions =
        follower.begin(server.uri("")).await(all -> follower.sessions().frames() >= 9);

    assertThat(sessions.get(0).numbers()).startsWith(0, 5, 10, 24, 25, 30).doesNotContain(15, 20);
  }

  @Test
  void aClosedConnectionIsAPassingFailure() throws Exception {
    h264(60);
    server.cutting();

    VideoException failure = follower.begin(server.uri("")).end();

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure.isPassing()).isTrue();
    assertThat(follower.sessions().all().get(0).numbers()).hasSize(12);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "SHA-256"})
  void theRightPasswordOpensWithDigest(String algorithm) throws Exception {
    h264(60);
    guard(
        "Digest realm=\"cam\", nonce=\"abc\", qop=\"auth\", algorithm=%s".formatted(algorithm),
        request -> digestIsRight(request, algorithm));

    follower.begin(server.uri(USER)).awaitFrames(3);

    assertThat(server.requests()).noneMatch(request -> request.contains("gate"));
  }

  @Test
  void theRightPasswordOpensWithBasic() throws Exception {
    h264(60);
    String right =
        "Basic "
            + java.util.Base64.getEncoder()
                .encodeToString(("gate:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    guard("Basic realm=\"cam\"", request -> right.equals(request.headers().get("authorization")));

    follower.begin(server.uri(USER)).awaitFrames(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gate:wrong@"})
  void aWrongPasswordIsNotAPassingFailureAndNotRepeated(String user) throws Exception {
    guard("Digest realm=\"cam\", nonce=\"abc\"", request -> digestIsRight(request, "MD5"));

    VideoException failure = follower.begin(server.uri(user)).end();

    assertThat(failure.category()).isEqualTo(Category.REFUSED);
    assertThat(failure.isPassing()).isFalse();
    assertThat(failure).hasMessageNotContaining("wrong").hasMessageNotContaining("gate");
  }

  @Test
  void leavesThePasswordOutOfTheText() {
    assertThat(LiveSource.of(server.uri(USER))).asString().doesNotContain("gate").contains("cam/1");
  }

  @ParameterizedTest
  @CsvSource({"503, true", "453, true", "404, false"})
  void serverErrorsArePassingFailures(int status, boolean passing) throws Exception {
    server.answer("DESCRIBE", request -> request.reply(status + " No", "\r\n"));

    VideoException failure = follower.begin(server.uri("")).end();

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure.isPassing()).isEqualTo(passing);
  }

  @Test
  void aRedirectToARefusedHostIsNotFollowed() throws Exception {
    server.answer(
        "DESCRIBE",
        request -> request.reply("302 Found", "Location: rtsp://metadata.example.com/\r\n\r\n"));

    VideoException failure = follower.begin(server.uri(USER)).end();

    assertThat(failure.category()).isEqualTo(Category.REFUSED);
    assertThat(failure.isPassing()).isFalse();
  }

  @Test
  void aRedirectToNowhereIsNoEnd() throws Exception {
    server.answer("DESCRIBE", request -> request.reply("302 Found", "\r\n"));

    VideoException failure = follower.begin(server.uri("")).end();

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure).hasMessageContaining("nowhere");
  }

  @Test
  void ignoresBlankLinesBetweenMessages() throws Exception {
    h264(60);
    for (String blank : List.of("\r\n", "\n", "\r\n\r\n")) {
      server.answer("OPTIONS", request -> request.reply("200 OK", "\r\n") + blank);

      follower.begin(server.uri("")).awaitFrames(3 + follower.sessions().frames());

      assertThat(follower.cancel().category()).isEqualTo(Category.CANCELLED);
    }
  }

  @ParameterizedTest
  @MethodSource("hostileReplies")
  void aHostileReplyIsNotAPassingFailure(String method, Function<RtspServer.Request, String> reply)
      throws Exception {
    h264(10);
    server.answer(method, reply);

    VideoException failure = follower.begin(server.uri("")).end();

    assertThat(failure.isPassing()).isFalse();
    assertThat(failure.category())
        .isIn(Category.UNREADABLE, Category.UNSUPPORTED, Category.NO_VIDEO_STREAM);
    assertThat(follower.sessions().frames()).isZero();
  }

  static Object[][] hostileReplies() {
    return new Object[][] {
      reply("OPTIONS", request -> "RTSP/1.0 200 OK\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"),
      reply("OPTIONS", request -> "RTSP/1.0 200 OK\r\n" + "X: y\r\n".repeat(200) + "\r\n"),
      reply("DESCRIBE", request -> request.reply("200 OK", "Content-Length: 999999999\r\n\r\n")),
      reply("DESCRIBE", request -> request.reply("200 OK", "Content-Length: -1\r\n\r\n")),
      reply("DESCRIBE", request -> request.reply("200 OK", "\r\n")),
      reply("DESCRIBE", request -> described(request, "m=video 0 RTP/AVP 96\r\n")),
      reply(
          "DESCRIBE",
          request ->
              described(
                  request, "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/99999999\r\na=control:x\r\n")),
      reply(
          "DESCRIBE",
          request ->
              described(
                  request, "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:a b\r\n")),
      reply("SETUP", request -> request.reply("200 OK", "\r\n")),
    };
  }

  private static Object[] reply(String method, Function<RtspServer.Request, String> reply) {
    return new Object[] {method, reply};
  }

  private static String described(RtspServer.Request request, String body) {
    return request.reply("200 OK", "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body));
  }

  @Test
  void aHostThatDoesNotAnswerCanBeCancelledAtEachStage() throws Exception {
    h264(10);
    for (String method : List.of("OPTIONS", "DESCRIBE", "SETUP", "PLAY")) {
      server.answer(method, request -> null);
      server.requests().clear();
      follower.begin(server.uri(""));
      Awaitility.await()
          .until(() -> server.requests().stream().anyMatch(r -> r.startsWith(method)));

      assertThat(follower.cancel().category()).isEqualTo(Category.CANCELLED);
      server.answer(method, request -> request.reply("200 OK", usualHeaders(method)));
    }
  }

  @Test
  void aHostThatOnlyAcceptsTimesOut() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Follower other =
            new Follower(List.of(), silent.getLocalPort())
                .stall(Duration.ofSeconds(5), Duration.ofMillis(300))) {
      other.begin("rtsp://%s:%d/".formatted(Follower.HOST, silent.getLocalPort()));
      try (Socket accepted = silent.accept()) {
        assertThat(accepted.isConnected()).isTrue();
        VideoException failure = other.end();
        assertThat(failure.category()).isEqualTo(Category.TIMEOUT);
        assertThat(failure.isPassing()).isTrue();
      }
    }
  }

  private static String usualHeaders(String method) {
    if (method.equals("DESCRIBE")) {
      String body = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n";
      return "Content-Length: %d\r\n\r\n%s".formatted(body.length(), body);
    }
    return "Session: 77\r\n\r\n";
  }

  private void h264(int frames) throws Exception {
    server.video(TestClip.of(frames).h264().write(folder.resolve("a.ts")), "H264");
  }

  /** Every request but OPTIONS needs credentials. */
  private void guard(String challenge, Function<RtspServer.Request, Boolean> right) {
    for (String method : List.of("DESCRIBE", "SETUP", "PLAY")) {
      server.guard(
          method,
          request ->
              right.apply(request)
                  ? null
                  : request.reply("401 No", "WWW-Authenticate: " + challenge + "\r\n\r\n"));
    }
  }

  private static boolean digestIsRight(RtspServer.Request request, String algorithm) {
    String header = request.headers().getOrDefault("authorization", "");
    if (!header.startsWith("Digest ")) {
      return false;
    }
    String secret = hash(algorithm, "gate:cam:" + PASSWORD);
    String asked = hash(algorithm, request.method() + ":" + value(header, "uri"));
    String middle =
        header.contains("qop=auth")
            ? "abc:" + value(header, "nc") + ":" + value(header, "cnonce") + ":auth"
            : "abc";
    return value(header, "uri").equals(request.uri())
        && value(header, "response").equals(hash(algorithm, secret + ":" + middle + ":" + asked));
  }

  private static String value(String header, String name) {
    Matcher found = Pattern.compile("\\b" + name + "=\"?([^\",]*)").matcher(header);
    return found.find() ? found.group(1) : "";
  }

  private static String hash(String algorithm, String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
