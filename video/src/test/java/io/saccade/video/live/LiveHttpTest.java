package io.saccade.video.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import io.saccade.video.TestClip;
import io.saccade.video.VideoException;
import io.saccade.video.VideoException.Category;
import io.saccade.video.WebServer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Valid and invalid endless transport streams over HTTP. */
@Timeout(120)
class LiveHttpTest {
  @TempDir private Path folder;
  private WebServer server;
  private Follower follower;

  @BeforeEach
  void start() throws Exception {
    server = WebServer.http();
    follower = new Follower(List.of(), server.port());
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    follower.close();
    server.close();
  }

  @Test
  void anEndlessBodyIsFollowedUntilItIsCancelled() throws Exception {
    server.page("/a", endless(clip(TestClip.of(60))));

    List<LiveSessions.Session> sessions = follower.begin(uri("/a")).awaitFrames(11);

    assertThat(sessions).hasSize(1);
    assertThat(sessions.get(0).numbers()).startsWith(0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50);
    assertThat(sessions.get(0).facts().container()).isEqualTo("mpegts");
    assertThat(sessions.get(0).progress()).hasSizeGreaterThan(50).isSorted();
    assertThat(follower.cancel().category()).isEqualTo(Category.CANCELLED);
  }

  @Test
  void framesBeforeAClosedConnectionAreKept() throws Exception {
    byte[] clip = clip(TestClip.of(60));
    server.page("/a", cut(clip, clip.length / 2));

    VideoException failure = follower.begin(uri("/a")).end();

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure.isPassing()).isTrue();
    assertThat(follower.sessions().all()).hasSize(1);
    assertThat(follower.sessions().all().get(0).numbers()).startsWith(0, 5, 10, 15);
  }

  @Test
  void anotherSizeIsAnotherSession() throws Exception {
    server.page(
        "/a",
        endless(clip(TestClip.of(20)), clip(TestClip.of(40).from(20).size(64, 48).offset(0.8))));

    List<LiveSessions.Session> sessions =
        follower.begin(uri("/a")).await(all -> all.size() == 2 && all.get(1).frames().size() > 5);

    assertThat(sessions.get(0).numbers()).containsExactly(0, 5, 10, 15);
    assertThat(sessions.get(1).numbers()).startsWith(20, 25, 30, 35);
    assertThat(sessions.get(1).facts().codedWidth()).isEqualTo(64);
    assertThat(sessions.get(1).frames().get(0).pts()).isZero();
    assertThat(sessions.get(1).frames().get(0).index()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"0, 1000", "1000, 0"})
  void aJumpOfTimesIsAnotherSession(double before, double after) throws Exception {
    server.page(
        "/a",
        endless(
            clip(TestClip.of(20).offset(before)), clip(TestClip.of(40).from(20).offset(after))));

    List<LiveSessions.Session> sessions =
        follower.begin(uri("/a")).await(all -> all.size() == 2 && all.get(1).frames().size() > 5);

    assertThat(sessions.get(0).numbers()).containsExactly(0, 5, 10, 15);
    assertThat(sessions.get(1).numbers()).startsWith(20, 25, 30, 35);
  }

  @Test
  void timesGoOnWhereTheirBitsAreUsedUp() throws Exception {
    server.page("/a", endless(clip(TestClip.of(60).offset(95_442.3))));

    List<LiveSessions.Session> sessions = follower.begin(uri("/a")).awaitFrames(11);

    assertThat(sessions).hasSize(1);
    assertThat(sessions.get(0).numbers()).startsWith(0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50);
    assertThat(sessions.get(0).facts().firstPts())
        .isBetween(Duration.ofSeconds(95_442), Duration.ofSeconds(95_444));
  }

  @Test
  void reportsAStallOnceAndStartsANewSession() throws Exception {
    follower.stall(Duration.ofSeconds(2), Duration.ofSeconds(40));
    byte[] clip = clip(TestClip.of(60));
    CountDownLatch goOn = new CountDownLatch(1);
    int half = clip.length / 2;
    server.page(
        "/a",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          out.write(clip, 0, half);
          out.flush();
          await(goOn);
          out.write(clip, half, clip.length - half);
          out.flush();
          server.hold();
        });
    follower.begin(uri("/a"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> follower.sessions().stalls() == 1);
    goOn.countDown();

    List<LiveSessions.Session> sessions =
        follower.await(all -> all.size() == 2 && all.get(1).frames().size() >= 4);

    assertThat(sessions.get(0).numbers()).startsWith(0, 5, 10, 15);
    assertThat(sessions.get(1).frames().get(0).pts()).isZero();
  }

  @Test
  void aSourceThatSendsNothingMoreTimesOut() throws Exception {
    follower.stall(Duration.ofSeconds(1), Duration.ofSeconds(8));
    server.page("/a", endless(clip(TestClip.of(60))));

    VideoException failure = follower.begin(uri("/a")).end();

    assertThat(failure.category()).isEqualTo(Category.TIMEOUT);
    assertThat(failure.isPassing()).isTrue();
    assertThat(follower.sessions().frames()).isGreaterThan(3);
    assertThat(follower.sessions().stalls()).isEqualTo(1);
  }

  @Test
  void aHostThatSendsNothingTimesOut() throws Exception {
    follower.stall(Duration.ofSeconds(20), Duration.ofMillis(300));
    server.page("/a", exchange -> server.hold());

    VideoException failure = follower.begin(uri("/a")).end();

    assertThat(failure.category()).isEqualTo(Category.TIMEOUT);
    assertThat(failure.isPassing()).isTrue();
  }

  @Test
  void aHostThatSendsNothingCanBeCancelled() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    server.page(
        "/a",
        exchange -> {
          asked.countDown();
          server.hold();
        });
    follower.begin(uri("/a"));
    await(asked);

    assertThat(follower.cancel().category()).isEqualTo(Category.CANCELLED);
  }

  @ParameterizedTest
  @CsvSource({"503, true", "500, true", "429, true", "404, false", "403, false"})
  void serverErrorsArePassingFailures(int status, boolean passing) throws Exception {
    server.page("/a", WebServer.status(status));

    VideoException failure = follower.begin(uri("/a")).end();

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure.isPassing()).isEqualTo(passing);
  }

  @Test
  void aRefusedConnectionIsAPassingFailure() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }
    try (Follower other = new Follower(List.of(), port)) {
      VideoException failure = other.begin("http://%s:%d/".formatted(Follower.HOST, port)).end();
      assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
      assertThat(failure.isPassing()).isTrue();
    }
  }

  @Test
  void aRedirectToARefusedHostIsNotFollowed() throws Exception {
    server.page("/a", WebServer.redirect(302, "http://metadata.example.com/"));

    VideoException failure = follower.begin(uri("/a")).end();

    assertThat(failure.category()).isEqualTo(Category.REFUSED);
    assertThat(failure.isPassing()).isFalse();
    assertThat(failure).hasMessageNotContaining("metadata");
  }

  @Test
  void aFileThatIsNotAVideoIsNotRetried() throws Exception {
    server.page("/a", WebServer.bytes("words ".repeat(1000).getBytes(StandardCharsets.UTF_8)));

    VideoException failure = follower.begin(uri("/a")).end();

    assertThat(failure.category()).isEqualTo(Category.UNREADABLE);
    assertThat(failure.isPassing()).isFalse();
  }

  @Test
  void anEndlessHeaderIsCutOff() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Follower other = new Follower(List.of(), listening.getLocalPort())) {
      other.begin("http://%s:%d/".formatted(Follower.HOST, listening.getLocalPort()));
      try (Socket socket = listening.accept()) {
        OutputStream out = socket.getOutputStream();
        out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
        byte[] more = "x".repeat(1 << 14).getBytes(StandardCharsets.US_ASCII);
        out.write(more);
        out.flush();
        assertThat(other.end().category()).isEqualTo(Category.UNREADABLE);
      }
    }
  }

  private byte[] clip(TestClip clip) throws Exception {
    return Files.readAllBytes(clip.write(Files.createTempFile(folder, "clip", ".ts")));
  }

  /** Sends these bytes and then nothing. */
  private HttpHandler endless(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(all.toByteArray());
      exchange.getResponseBody().flush();
      server.hold();
    };
  }

  private static HttpHandler cut(byte[] bytes, int count) {
    return exchange -> {
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes, 0, count);
      exchange.getResponseBody().flush();
      exchange.close();
    };
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String uri(String path) {
    return server.uri(Follower.HOST, path);
  }
}
